"""One log: both tools run over it, their records matched and compared."""

import difflib
import json
import os
import re
import subprocess
import tempfile
import threading
import xml.etree.ElementTree as ET
from collections import Counter

from . import jsonshape, skeleton, xmlshape
from .leaves import Report

TIME_LIMIT = 120  # seconds a run

# A real log renders to four times its size. Of one that is made to expand, this much of evtx_dump's output is read.
EXPANSION, EXPANSION_BASE = 40, 64 << 20
# What gwlogs grants a record: evtx/expansion.go.
ALLOWANCE, ALLOWANCE_BASE = 16, 1 << 10


class Result:
    """What was found in one file; numbers are added up over the files."""

    def __init__(self, name):
        self.name = name
        self.counts = Counter()
        self.rules = Counter()      # (format, rule) -> occurrences
        self.ruled = Counter()      # (format, rule) -> records
        self.differences = []       # (format, record, path, theirs, ours)
        self.trouble = []           # what kept a tool from doing its work


class Side:
    """One record of one tool: its event, what identifies it, and evtx_dump's number of it (the header's)."""

    __slots__ = ("event", "key", "record_id", "header_id", "replaced", "length")

    def __init__(self, event, key, record_id, header_id=None, replaced=0, length=0):
        self.event, self.key, self.record_id, self.header_id = event, key, record_id, header_id
        self.replaced, self.length = replaced, length


def compare(path, name, gwlogs, evtx_dump):
    """Compares what the programs gwlogs and evtx_dump say of the log at path."""
    result = Result(name)
    with open(path, "rb") as f:
        data = f.read()
    intact = _intact(path)
    for format, flag in (("json", "jsonl"), ("xml", "xml")):
        most = EXPANSION * len(data) + EXPANSION_BASE
        theirs, their_errors, _ = _run([evtx_dump, "-t", "1", "--no-indent", "-o", format, path], most)
        ours, our_errors, code = _run([gwlogs, "events", "-v", "--threads", "1", "--format", flag, path])
        if code not in (0, 1, 3) or "goroutine" in our_errors:
            result.trouble.append("gwlogs exits with %s: %s" % (code, our_errors[:2000]))
            continue
        a, b = _sides(format, theirs, ours, result)
        _records(format, a, b, skeleton.by_ids(data), their_errors, our_errors, intact, result)
    return result


def _run(command, most=None):
    """The output of a program, its errors and exit code; of more than most bytes, the records that lie wholly before."""
    with tempfile.TemporaryFile() as errors, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as p:
        late = []
        timer = threading.Timer(TIME_LIMIT, lambda: (late.append(True), p.kill()))
        timer.start()
        try:
            out = p.stdout.read() if most is None else p.stdout.read(most)
            cut = most is not None and len(out) == most
            if cut:
                p.kill()
                out = out[:out.rfind(b"\nRecord ") + 1]
        finally:
            p.wait()
            timer.cancel()
        errors.seek(0)
        text = errors.read().decode("utf-8", "replace")
    if late:
        return b"", "no end after %d s" % TIME_LIMIT, "no code"
    return out, text + ("more than %d bytes" % most if cut else ""), p.returncode


def _intact(path):
    """What a generated log says of its intact records: a predicate over EventRecordIDs, or None for real logs."""
    name = re.sub(r"\.evtx$", ".expected.json", path)
    if not os.path.exists(name):
        return None
    with open(name, encoding="utf-8") as f:
        planted = json.load(f)
    lost = set(planted.get("damage", {}).get("damaged_or_lost_record_ids", []))
    lost |= set(planted.get("damage", {}).get("optional_record_ids", []))
    first, last = planted.get("first_record_id") or 0, planted.get("last_record_id") or 0
    return lambda record_id: record_id is not None and first <= record_id <= last and record_id not in lost


class Damage:
    """What gwlogs says on standard error about a log."""

    def __init__(self, errors):
        self.records = set(map(int, re.findall(r"record ([0-9]+)", errors)))
        # A flipped bit in a text cannot be seen in the record: the checksum of its chunk says it.
        self.checksum = "checksum" in errors
        # Only the first lines of much damage are printed.
        self.cut_short = re.search(r"and [0-9,]+ more", errors) is not None
        self.bounded = "expands to more than any real one" in errors

    def tells_of(self, header_id):
        return header_id in self.records or self.cut_short


def _sides(format, theirs, ours, result):
    """The records of both outputs."""
    if format == "json":
        lines = theirs.decode("utf-8", "replace").split("\n")
        a = [_json_side(line, int(number[7:])) for number, line in zip(lines[0::2], lines[1::2])]
        b = [_json_side(line) for line in ours.decode("utf-8").split("\n") if line]
        return a, b
    a = [_xml_side(text, int(number)) for number, text in _documents(theirs.decode("utf-8", "replace"))]
    return a, _our_xml(ours, result)


def _our_xml(output, result):
    """gwlogs's XML is one document of all events, and it must be well formed as it is."""
    if not output:
        return []
    try:
        ET.fromstring(output)
        root, _ = xmlshape.parse(output.decode("utf-8"))
        return [Side(e, xmlshape.key(e), xmlshape.record_id(e)) for e in root]
    except (ET.ParseError, UnicodeDecodeError) as e:
        result.trouble.append("gwlogs's XML is not well formed: %s" % e)
        lines = output.decode("utf-8", "replace").split("\n")
        return [_xml_side(line) for line in lines if line.startswith(("<Event ", "<Event>"))]


def _json_side(line, header_id=None):
    event = jsonshape.parse(line)
    return Side(event, jsonshape.key(event), jsonshape.record_id(event), header_id, length=len(line))


def _xml_side(text, header_id=None):
    try:
        root, replaced = xmlshape.parse(text)
    except ET.ParseError:
        record = re.search(r"<EventRecordID>([0-9]+)<", text)
        return Side(None, None, int(record[1]) if record else None, header_id)
    return Side(root, xmlshape.key(root), xmlshape.record_id(root), header_id, replaced, len(text))


_DOCUMENT = re.compile(r'^Record ([0-9]+)\n<\?xml version="1\.0" encoding="utf-8"\?>\n', re.MULTILINE)


def _documents(text):
    starts = list(_DOCUMENT.finditer(text))
    for i, m in enumerate(starts):
        end = starts[i + 1].start() if i + 1 < len(starts) else len(text)
        yield m[1], text[m.end():end].strip("\n")


def _records(format, theirs, ours, physical, their_errors, our_errors, intact, result):
    result.counts[format, "evtx_dump"] += len(theirs)
    result.counts[format, "gwlogs"] += len(ours)
    damage = Damage(our_errors)
    for one, other in _matched(theirs, ours):
        if other is None:
            _only_theirs(format, one, physical, damage, intact, result)
        elif one is None:
            _only_ours(format, other, physical, their_errors, damage, intact, result)
        else:
            _both(format, one, other, physical, result)


def _matched(theirs, ours):
    """Pairs of records in file order; None stands for the side that lacks one."""
    a = [s.key or ("?", s.record_id) for s in theirs]
    b = [s.key or ("?", s.record_id) for s in ours]
    if a and a[0] in b and b[0] in a:
        # A log that has wrapped: gwlogs begins with its oldest chunk, evtx_dump with the first of the file.
        begin = b.index(a[0])
        ours, b = ours[begin:] + ours[:begin], b[begin:] + b[:begin]
    if len(a) == len(b) and all(x == y or x[0] == "?" for x, y in zip(a, b)):
        yield from zip(theirs, ours)
        return
    # A record that does not parse has its number alone.
    lone = {x[1] for x in a + b if x[0] == "?"}
    a = [("?", s.record_id) if s.record_id in lone else x for s, x in zip(theirs, a)]
    b = [("?", s.record_id) if s.record_id in lone else x for s, x in zip(ours, b)]
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from zip(theirs[i1:i2], ours[j1:j2])
        else:
            for s in theirs[i1:i2]:
                yield s, None
            for s in ours[j1:j2]:
                yield None, s


def _rule(result, format, rule, count=1):
    result.rules[format, rule] += count
    result.ruled[format, rule] += 1


def _only_theirs(format, one, physical, damage, intact, result):
    torn = any(r.torn for (header, _), found in physical.items() if header == one.header_id for r in found)
    told = damage.tells_of(one.header_id)
    if told and torn:
        _rule(result, format, "torn")
    elif told and damage.bounded and any(one.length > ALLOWANCE * r.size + ALLOWANCE_BASE
                                         for (header, _), found in physical.items() if header == one.header_id for r in found):
        _rule(result, format, "bounded")
    elif (told or damage.checksum) and intact and not intact(one.record_id):
        _rule(result, format, "damaged")
    else:
        why = "reported" if told else "not reported"
        result.differences.append((format, _title(one), "", "a record", "(absent, %s)" % why))
        result.counts[format, "differ"] += 1


def _only_ours(format, other, physical, their_errors, damage, intact, result):
    whole = any(not r.torn for (_, record), found in physical.items() if record == other.record_id for r in found)
    if whole and (intact(other.record_id) or damage.checksum if intact else their_errors):
        _rule(result, format, "further")
    else:
        result.differences.append((format, _title(other), "", "(absent)", "a record"))
        result.counts[format, "differ"] += 1


def _both(format, one, other, physical, result):
    report = Report()
    if format == "xml" and one.event is None:
        if other.event is None:
            report.differences.append(("", "XML that does not parse", "XML that does not parse"))
        else:
            report.rule("unparsable")
    elif other.event is None:
        report.differences.append(("", "XML", "XML that does not parse"))
    else:
        candidates = physical.get((one.header_id, one.record_id), [])
        record = (candidates.pop(0) if len(candidates) > 1 else candidates[0]) if candidates else None
        root = record.root if record else None
        shape = jsonshape if format == "json" else xmlshape
        if record and record.repaired:
            shape.rename(one.event, other.event, record.repaired, report)
        expected = shape.expected(one.event, root, report) if root else one.event
        if one.replaced:
            report.rule("control", one.replaced)
        shape.compare(expected, other.event, "", report)
    result.counts[format, "leaves"] += report.equal
    for rule, count in report.rules.items():
        _rule(result, format, rule, count)
    if report.differences:
        result.counts[format, "differ"] += 1
        result.differences += [(format, _title(one), *d) for d in report.differences]
    else:
        result.counts[format, "by rule" if report.rules else "equal"] += 1


def _title(side):
    return "record %s" % (side.record_id if side.record_id is not None else "?") + (
        " (header %d)" % side.header_id if side.header_id is not None and side.header_id != side.record_id else "")
