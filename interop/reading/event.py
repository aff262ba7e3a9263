"""An event as every reader can be asked for it: who it is, and its texts in the order of the log."""

import datetime
import re


class Event:
    """leaves are (name, text): attributes and elements without children, all but what System says of id and time."""

    __slots__ = ("record_id", "event_id", "time", "leaves")

    def __init__(self, record_id, event_id, time, leaves):
        self.record_id, self.event_id, self.time, self.leaves = record_id, event_id, time, leaves

    @property
    def key(self):
        """Tells an event from its neighbours by what no reader gets wrong; ids repeat where logs were put together."""
        return self.record_id, self.event_id


# These are compared on their own: every reader has them.
_IDENTITY = {"EventRecordID", "EventID", "TimeCreated"}
# Only these of the others in System: the rest is numbers that readers write in many ways.
_SYSTEM_TEXTS = {"Channel", "Computer"}

# Their children may all be NULL: then some readers print those, empty, and others nothing.
_CONTAINERS = {"EventData", "UserData"}


def from_tree(root):
    """The event of an XML tree. A Data element goes by its Name."""
    system = _child(root, "System")
    record_id, event_id, time = (_child(system, n) for n in ("EventRecordID", "EventID", "TimeCreated"))
    leaves = [("System/" + _local(e), e.text or "") for e in (system if system is not None else ())
              if _local(e) in _SYSTEM_TEXTS and not len(e)]
    for element in root:
        if element is not system:
            _leaves(element, leaves, "RenderingInfo/" if _local(element) == "RenderingInfo" else "")
    return Event(_number(record_id), _number(event_id), ticks(time.get("SystemTime")) if time is not None else None, leaves)


def from_json(event):
    """The event of {"Event": {"System": …, "EventData": …}} as the Go readers have it, whose objects have no reliable order."""
    system = event.get("System") or {}
    time = (system.get("TimeCreated") or {}).get("SystemTime")
    leaves = [("System/" + n, str(system[n] or "")) for n in sorted(_SYSTEM_TEXTS) if n in system]
    for name, value in event.items():
        if name != "System":
            _json_leaves("RenderingInfo/" if name == "RenderingInfo" else name, value, leaves)
    return Event(_json_number(system.get("EventRecordID")), _json_number(system.get("EventID")), ticks(time), leaves)


def _leaves(element, out, prefix):
    name, label = _local(element), element.get("Name")
    data = name == "Data" and label is not None
    out += [(prefix + _local_name(a), v) for a, v in element.attrib.items() if not (data and a == "Name")]
    for child in element:
        _leaves(child, out, prefix)
    if not len(element) and (element.text or name not in _CONTAINERS):
        out.append((prefix + (label if data else name), element.text or ""))


def _json_leaves(name, value, out):
    if isinstance(value, dict):
        if set(value) <= {"Name", "Value"} and "Name" in value and name == "Data":
            _json_leaves(value["Name"], value.get("Value"), out)
            return
        for key, inner in value.items():
            if not key.startswith("xmlns"):
                own_text = key == "Value" and name not in _CONTAINERS  # there it is the name of a Data element
                _json_leaves(name if own_text else key, inner, out)
        if not value and name not in _CONTAINERS:
            out.append((name, ""))
    elif isinstance(value, list):
        for inner in value:
            _json_leaves(name, inner, out)
    elif name not in _CONTAINERS or value:
        out.append((name, "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)))


def _child(element, name):
    return next((c for c in element if _local(c) == name), None) if element is not None else None


def _local(element):
    return _local_name(element.tag)


def _local_name(name):
    return name.rpartition("}")[2]


def _number(element):
    text = (element.text or "").strip() if element is not None else ""
    return int(text) if text.isdigit() else None


def _json_number(value):
    if isinstance(value, dict):
        value = value.get("Value")
    return int(value) if str(value).isdigit() else None


_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?Z?")
_UNIX = 621355968000000000 - 504911232000000000  # 1970 in units of 100 ns since 1601


def ticks(value):
    """A time in units of 100 ns since 1601, from the ways in which readers write it; None where it is no time."""
    if isinstance(value, (int, float)):
        return round(value * 10**7) + _UNIX
    m = _TIME.fullmatch(value or "")
    if not m:
        return None
    try:
        days = datetime.date(int(m[1]), int(m[2]), int(m[3])).toordinal() - datetime.date(1601, 1, 1).toordinal()
    except ValueError:
        return None
    seconds = days * 86400 + int(m[4]) * 3600 + int(m[5]) * 60 + int(m[6])
    return seconds * 10**7 + int((m[7] or "").ljust(9, "0")[:7])
