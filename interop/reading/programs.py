"""Running the readers: each in a process of its own, under a time limit, as some of them crash or hang on bad logs."""

import json
import re
import resource
import subprocess
import sys
import xml.etree.ElementTree as ET

from comparison import xmlshape

from . import event

TIME_LIMIT = 300  # seconds a run
MEMORY_LIMIT = 4 << 30  # bytes of address space; on a bad count in a log some would take all there is


class Reading:
    """What a reader says of a log.

    positions: which records it was asked for, None for all; count: how many it says there are; refused: why it read nothing
    at all; stopped: why it did not come to the end; notes: further complaints."""

    def __init__(self, events=(), count=None, positions=None, refused="", stopped="", notes=""):
        self.events, self.count, self.positions = list(events), count, positions
        self.refused, self.stopped, self.notes = refused, stopped, notes


def run(command, **more):
    """Its output, its complaints, its exit code (-1 when it did not end)."""
    try:
        p = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           timeout=TIME_LIMIT, preexec_fn=_limit_memory, **more)
    except subprocess.TimeoutExpired:
        return b"", "no end after %d s" % TIME_LIMIT, -1
    return p.stdout, p.stderr.decode("utf-8", "replace"), p.returncode


def _limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def first_line(text):
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def gwlogs_xml(program, sources, selection=()):
    """What gwlogs reads as XML, its complaints, its exit code."""
    return run([program, "events", "--quiet", "--threads", "1", "--format", "xml", *selection, *sources])


def events(xml):
    return [event.from_tree(e) for e in ET.fromstring(xml)] if xml else []


def evtx_dump(program, path):
    out, errors, code = run([program, "-t", "1", "--no-indent", "--validate-checksums", "-o", "xml", path])
    text = out.decode("utf-8", "replace")
    parts = re.split(r'^Record [0-9]+\n<\?xml version="1\.0" encoding="utf-8"\?>\n', text, flags=re.MULTILINE)
    return _reading([_parsed(p) for p in parts[1:]], code, errors)


def evtxexport(program, path):
    out, errors, code = run([program, "-f", "xml", path])
    text = out.decode("utf-8", "replace")
    # The last event is cut off where it stops.
    parts = re.split(r"^(?=<Event xmlns)", text, flags=re.MULTILINE)[1:]
    events = [_parsed(p.partition("\n</Event>\n")[0] + "\n</Event>") for p in parts if "\n</Event>\n" in p]
    return _reading(events, code, errors)


def evtxinfo(program, path):
    out, errors, code = run([program, path])
    text = out.decode("utf-8", "replace")
    count, recovered = (re.search(r"Number of %s\s*: ([0-9]+)" % what, text) for what in ("records", "recovered records"))
    if code != 0 or not count:
        return Reading(refused=first_line(errors) or "exit code %d" % code)
    return Reading(count=int(count[1]), notes=recovered[1] if recovered else "")


def python_evtx(python, path, most):
    """Renders up to `most` records, spread evenly."""
    here = __file__.replace("programs.py", "pythonevtx.py")
    out, errors, code = run([python, "-I", here, path, str(most)])  # isolated: the user's own packages are none of ours
    lines = [json.loads(line) for line in out.decode("utf-8").splitlines()]
    if code != 0 or not lines:
        return Reading(refused=errors.strip().rpartition("\n")[2] or "exit code %d" % code)
    events = [_parsed(line["xml"]) for line in lines[1:] if "xml" in line]
    notes = "; ".join(sorted({line["error"] for line in lines[1:] if "error" in line}))
    return Reading([e for e in events if e], lines[0]["count"], [line["position"] for line in lines[1:]], notes=notes)


def go_reader(program, path):
    out, errors, code = run([program, path])
    events = []
    for line in out.decode("utf-8", "replace").splitlines():
        try:
            found = json.loads(line)
        except ValueError:  # it died in the middle of a line
            break
        if found and isinstance(found.get("Event"), dict):
            events.append(event.from_json(found["Event"]))
    return _reading(events, code, errors)


def checker(path, script):
    out, errors, code = run([sys.executable, script, path])
    text = out.decode("utf-8", "replace")
    count = re.search(r" ([0-9]+) records, ", text)
    violations = [line.strip() for line in text.splitlines() if line.startswith("  E ")]
    return Reading(count=int(count[1]) if count else None, notes="; ".join(violations[:3]),
                   refused="" if code == 0 else (violations or [first_line(text + errors)])[0])


def _reading(events, code, errors):
    return Reading([e for e in events if e], stopped=(first_line(errors) or "exit code %d" % code) if code != 0 else "",
                   notes=first_line(errors) if code == 0 else "")


def _parsed(text):
    """None where the reader's XML is none: what it says of the record is lost then."""
    try:
        return event.from_tree(ET.fromstring(text))
    except ET.ParseError:
        pass
    try:
        return event.from_tree(xmlshape.parse(text)[0])  # control characters
    except ET.ParseError:
        return None
