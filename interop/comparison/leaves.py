"""When two values are the same, and by which of the design's rules."""

import re

# The rules by which the two tools may differ; the order is that of the printed table.
RULES = {
    "time": "seven digits of a second (evtx_dump cuts to six)",
    "guid": "braces and case of GUIDs",
    "null": "elements left out for a NULL optional value (evtx_dump prints them empty)",
    "repeated": "repeated Data names kept as an array (evtx_dump repeats the key)",
    "array": "brackets of an array, whatever its length (evtx_dump has none round a single item)",
    "rendering": "RenderingInfo kept (evtx_dump loses it)",
    "control": "control characters replaced in XML (evtx_dump's would not parse)",
    "unparsable": "evtx_dump's XML does not parse, ours does",
    "torn": "torn records reported (evtx_dump passes them off as events)",
    "damaged": "damaged records reported (evtx_dump passes them off as events)",
    "bounded": "records that expand to far more than they are reported (evtx_dump prints them)",
    "name": "names with a wrong hash put right by it (evtx_dump takes them as they are)",
    "further": "records behind damage that evtx_dump does not reach",
}

_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})\.([0-9]{6,7})Z")
_GUID = re.compile(r"\{?([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}?")

# What XML 1.0 cannot carry, escaped or not.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def same(theirs, ours):
    """"" when equal, the name of a rule when equal by it, None when different."""
    if theirs == ours and type(theirs) is type(ours):
        return ""
    if not isinstance(theirs, str) or not isinstance(ours, str):
        return None
    a, b = _TIME.fullmatch(theirs), _TIME.fullmatch(ours)
    if a and b:
        return "time" if a[1] == b[1] and len(b[2]) == 7 and b[2][:6] == a[2] else None
    a, b = _GUID.fullmatch(theirs), _GUID.fullmatch(ours)
    if a and b and ours[0] == "{" and ours[-1] == "}" and a[1].lower() == b[1].lower():
        return "guid"
    return None


class Report:
    """What was found in one record: leaves equal, leaves by rule, and the differences (path, theirs, ours)."""

    def __init__(self):
        self.equal = 0
        self.rules = {}
        self.differences = []

    def rule(self, name, count=1):
        self.rules[name] = self.rules.get(name, 0) + count

    def leaf(self, path, theirs, ours):
        verdict = same(theirs, ours)
        if verdict is None:
            self.differences.append((path, theirs, ours))
        elif verdict:
            self.rule(verdict)
        else:
            self.equal += 1
