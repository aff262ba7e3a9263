"""Events as XML: what evtx_dump prints, brought to what gwlogs is to print, and compared as trees."""

import re
import xml.etree.ElementTree as ET

from . import leaves

_REFERENCE = re.compile(r"&#(x?)([0-9A-Fa-f]+);")
NAMESPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"


def clean(text):
    """text with what XML cannot carry replaced by U+FFFD, carriage returns kept from the parser, and how many were replaced."""
    text, replaced = leaves.NOT_XML.subn("\ufffd", text)

    def reference(m):
        nonlocal replaced
        n = int(m[2], 16 if m[1] else 10)
        if n > 0x10FFFF or leaves.NOT_XML.match(chr(n)):
            replaced += 1
            return "\ufffd"
        return m[0]

    if "&#" in text:
        text = _REFERENCE.sub(reference, text)
    return text.replace("\r", "&#13;"), replaced


def parse(text):
    """The tree of one event, and how many characters XML cannot carry it had; ET.ParseError where it is not well formed."""
    text, replaced = clean(text)
    return ET.fromstring(text), replaced


def _find(root, *path):
    for name in path:
        root = next((c for c in root if c.tag.rpartition("}")[2] == name), None) if root is not None else None
    return root


def key(root):
    system = _find(root, "System")
    if system is None:
        return None
    record, event, time = (_find(system, n) for n in ("EventRecordID", "EventID", "TimeCreated"))
    return (record.text if record is not None else None, event.text if event is not None else None,
            time.get("SystemTime", "")[:26] if time is not None else None)


def record_id(root):
    found = _find(root, "System", "EventRecordID")
    return int(found.text) if found is not None and str(found.text).isdigit() else None


def rename(theirs, ours, repaired, report):
    """Gives damaged names of evtx_dump's the one of the right names that gwlogs has in this place, if it has one."""
    name = theirs.tag.rpartition("}")[2]
    own = ours.tag.rpartition("}")[2]
    if name != own and own in repaired.get(name, ()):
        theirs.tag = ours.tag
        report.rule("name")
    for attribute in list(theirs.attrib):
        right = next((n for n in repaired.get(attribute, ()) if n in ours.attrib), None)
        if right and attribute not in ours.attrib:
            values = [(right if a == attribute else a, v) for a, v in theirs.attrib.items()]
            theirs.attrib.clear()
            theirs.attrib.update(values)
            report.rule("name")
    if len(theirs) == len(ours):
        for x, y in zip(theirs, ours):
            rename(x, y, repaired, report)


def expected(root, skeleton, report):
    """Takes away from evtx_dump's tree what a NULL takes away."""
    children = list(root)
    if len(children) != len(skeleton.children):
        return root
    for child, element in zip(children, skeleton.children):
        if element.left_out and not len(child) and not (child.text or "").strip():
            root.remove(child)
            report.rule("null")
        else:
            expected(child, element, report)
    return root


def compare(theirs, ours, path, report):
    name = ours.tag.rpartition("}")[2]
    if theirs.tag != ours.tag:
        report.differences.append((path, "<%s>" % theirs.tag, "<%s>" % ours.tag))
        return
    path += "/" + name
    for attribute in list(theirs.attrib) + [a for a in ours.attrib if a not in theirs.attrib]:
        report.leaf(path + "/@" + attribute, theirs.get(attribute, "(absent)"), ours.get(attribute, "(absent)"))
    if [a for a in theirs.attrib if a in ours.attrib] != [a for a in ours.attrib if a in theirs.attrib]:
        report.differences.append((path, "attributes in the order " + " ".join(theirs.attrib),
                                   "attributes in the order " + " ".join(ours.attrib)))
    report.leaf(path, theirs.text or "", ours.text or "")

    a, b = list(theirs), list(ours)
    if path == "/Event" and not any(c.tag.endswith("}RenderingInfo") for c in a):
        kept = [c for c in b if not c.tag.endswith("}RenderingInfo")]
        if len(kept) < len(b):
            report.rule("rendering")
            b = kept
    if len(a) != len(b):
        report.differences.append((path, "children " + _names(a), "children " + _names(b)))
        return
    for x, y in zip(a, b):
        compare(x, y, path, report)
        report.leaf(path + "/text()", x.tail or "", y.tail or "")


def _names(elements):
    return " ".join(e.tag.rpartition("}")[2] + ("[%s]" % e.get("Name") if e.get("Name") else "") for e in elements)
