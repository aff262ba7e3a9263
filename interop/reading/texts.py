"""When two texts say the same although two readers write them."""

import re

from .event import ticks

# XML carries none of these, and each reader has its own way around; a replaced one is U+FFFD.
_LOST = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")
_GUID = re.compile(r"\{?([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}?")
_HEX = re.compile(r"0x[0-9A-Fa-f]{1,16}")
_FLOAT = re.compile(r"-?[0-9]+\.[0-9]+(?:e[+-][0-9]+)?")


def plain(text):
    """A text without what XML cannot carry, and with the line ends that an XML parser leaves."""
    return _LOST.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def same(ours, theirs, precision):
    """precision: how many units of 100 ns the reader's times may be off."""
    if ours == theirs:
        return True
    a, b = plain(ours), plain(theirs)
    if a == b:
        return True
    if a in ("true", "false"):
        return a == b.lower()
    m, n = _GUID.fullmatch(a), _GUID.fullmatch(b)
    if m and n:
        return m[1].lower() == n[1].lower()
    if _HEX.fullmatch(a):  # padded, or as a decimal number
        return (_HEX.fullmatch(b) and int(a, 16) == int(b, 16)) or (b.isdigit() and int(b) == int(a, 16))
    if _FLOAT.fullmatch(a) and _FLOAT.fullmatch(b) and abs(float(a) - float(b)) <= 1e-6 * abs(float(a)):
        return True
    return near(ticks(a), _time(b), precision)


def near(ours, theirs, precision):
    return ours is not None and theirs is not None and abs(ours - theirs) <= precision


def _time(text):
    try:
        found = ticks(text)
        return found if found is not None else ticks(float(text))
    except (ValueError, OverflowError):
        return None
