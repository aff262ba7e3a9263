"""Events as JSON: what evtx_dump prints, brought to what gwlogs is to print, and compared leaf by leaf."""

import json
import re

ABSENT = "(absent)"


class Pairs(list):
    """A JSON object that keeps repeated keys: a list of (key, value)."""

    def get(self, *path):
        value = self
        for key in path:
            if not isinstance(value, Pairs):
                return None
            value = next((v for k, v in value if k == key), None)
        return value


def parse(line):
    return json.loads(line, object_pairs_hook=Pairs, parse_float=lambda s: ("float", s))


def key(event):
    """What tells an event from its neighbours; time as far as both tools print it."""
    system = event.get("Event", "System")
    if not isinstance(system, Pairs):
        return None
    event_id = system.get("EventID")
    if isinstance(event_id, Pairs):
        event_id = event_id.get("#text")
    time = system.get("TimeCreated", "#attributes", "SystemTime")
    return system.get("EventRecordID"), event_id, str(time)[:26]


def record_id(event):
    found = event.get("Event", "System", "EventRecordID")
    return int(found) if str(found).isdigit() else None


def rename(theirs, ours, repaired, report):
    """Gives damaged names of evtx_dump's the one of the right names that gwlogs has in this place, if it has one."""
    if not isinstance(theirs, Pairs) or not isinstance(ours, Pairs):
        return
    have = dict(ours)
    for i, (name, value) in enumerate(theirs):
        right = next((n for n in repaired.get(name, ()) if n in have), None)
        if right and name not in have:
            theirs[i] = right, value
            report.rule("name")
        rename(value, have.get(theirs[i][0]), repaired, report)


def expected(event, root, report):
    """evtx_dump's event as gwlogs should print it: without what a NULL takes away, with one key for repeated names."""
    return Pairs([(event[0][0], _element(event[0][1], root, False, report))])


def _element(value, element, is_container, report):
    if not isinstance(value, Pairs) or not element.children:
        return value
    source = {}
    for name, v in value:
        source.setdefault(name, []).append(v)
    out = Pairs((k, source.pop(k)[0]) for k in ("#attributes", "#text") if k in source)

    labelled = is_container and any(c.name == "Data" and c.label for c in element.children)
    data = [c for c in element.children if c.name == "Data"] if is_container and not labelled else []
    seen, kept = {}, {}
    for child in element.children:
        if is_container and child.name == "Data":
            if labelled:
                _labelled(child, source, out, report)
            elif data:
                _positional(data, source, out, report)
                data = []
            continue
        # evtx_dump numbers repeated children; those that stay are numbered anew.
        name = _numbered(child.name, seen)
        values = source.get(name)
        if not values:
            continue
        v = values.pop(0)
        if child.left_out and v in (None, ""):
            report.rule("null")
            continue
        out.append((_numbered(child.name, kept),
                    _element(v, child, child.name in ("EventData", "UserData"), report)))
    for name, values in source.items():  # what the skeleton does not explain
        out += [(name, v) for v in values]
    return out or None


def _numbered(name, counts):
    n = counts[name] = counts.get(name, -1) + 1
    return name if n == 0 else "%s_%d" % (name, n)


def _labelled(child, source, out, report):
    """A Data element with a name: a key of its own; evtx_dump repeats the key, gwlogs makes an array."""
    if not source.get(child.label):
        return
    v = source[child.label].pop(0)
    if child.left_out and v in (None, ""):
        report.rule("null")
        return
    item = [] if child.array and child.empty else [_item(v, child)]
    for i, (name, old) in enumerate(out):
        if name == child.label:
            report.rule("repeated")
            out[i] = name, Repeated((old if isinstance(old, Repeated) else [old]) + item)
            return
    if child.array:
        report.rule("array")
    out.append((child.label, Repeated(item) if child.array else v))


class Repeated(list):
    """The values of a repeated name, or of an array (not an array that evtx_dump printed)."""


def _item(v, element):
    """A value as an item of an array: evtx_dump makes a text of a number or boolean that is the only one."""
    if 0x03 <= element.array <= 0x0A and re.fullmatch("-?[0-9]+", str(v)):
        return int(v)
    if element.array == 0x0D and v in ("true", "false"):
        return v == "true"
    return v


def _positional(elements, source, out, report):
    """Data elements without names: {"#text": value} or {"#text": [value, …]}."""
    if "Data" not in source:
        return
    v = source["Data"].pop(0)
    values = v.get("#text") if isinstance(v, Pairs) else None
    if not isinstance(values, list) or isinstance(values, Pairs):
        values = [values]
    if len(values) != len(elements):
        out.append(("Data", v))
        return
    kept, brackets = [], False
    for element, item in zip(elements, values):
        array = element.array not in (0, 0x01, 0x02)  # strings of classic events have brackets where they are several
        brackets = brackets or array
        if element.left_out and item in (None, ""):
            report.rule("null")
        elif not (array and element.empty):
            kept.append(_item(item, element) if array else item)
    if brackets and len(kept) < 2:
        report.rule("array")
    if kept or brackets:
        out.append(("Data", Pairs([("#text", kept[0] if len(kept) == 1 and not brackets else kept)])))


def compare(theirs, ours, path, report):
    """Compares two values; theirs has been through expected()."""
    if isinstance(theirs, Pairs) and isinstance(ours, Pairs):
        a, b = dict(theirs), dict(ours)
        if len(b) != len(ours):
            report.differences.append((path, "one value a key", "a repeated key"))
        for name, value in theirs:
            compare(value, b.get(name, ABSENT), path + "/" + name, report)
        for name in b:
            if name not in a:
                if path == "/Event" and name == "RenderingInfo":
                    report.rule("rendering")
                else:
                    report.differences.append((path + "/" + name, ABSENT, b[name]))
        if [k for k in a if k in b] != [k for k in b if k in a]:
            report.differences.append((path, "keys in the order " + " ".join(a), "keys in the order " + " ".join(b)))
    elif isinstance(theirs, list) and isinstance(ours, list) and not isinstance(theirs, Pairs) \
            and not isinstance(ours, Pairs) and len(theirs) == len(ours):
        for i, (x, y) in enumerate(zip(theirs, ours)):
            compare(x, y, "%s[%d]" % (path, i), report)
    else:
        report.leaf(path, theirs, ours)
