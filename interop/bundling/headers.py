"""The headers of a zip archive as they lie in the file, held against what Windows Explorer opens. Uses no zip library: those are lenient."""

import struct

LOCAL, DIRECTORY, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
STORED, DEFLATED = 0, 8
DESCRIPTOR, UTF8 = 1 << 3, 1 << 11
FORBIDDEN = set('<>:"|?*\\')
DEVICES = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"} | {p + n for p in ("COM", "LPT") for n in "0123456789¹²³"}


def problems(path):
    """One line for each thing that Explorer, or a Windows that unpacks it, could not do with."""
    with open(path, "rb") as f:
        return list(_problems(f.read()))


def _problems(data):
    at = len(data) - 22
    if data[at:at + 4] != END or data[at + 20:] != b"\0\0":
        yield "does not end with the end record"
        return
    disk, first, here, count, size, start = struct.unpack_from("<4H2L", data, at + 4)
    if disk or first or here != count or start + size != at or 0xFFFF in (count,) or 0xFFFFFFFF in (size, start):
        yield "the end record is wrong, or of zip64"
    place, seen, end = start, set(), 0
    for _ in range(count):
        if data[place:place + 4] != DIRECTORY:
            yield "the directory ends early"
            return
        length, extra, comment = struct.unpack_from("<3H", data, place + 28)
        raw = data[place + 46:place + 46 + length]
        local, = struct.unpack_from("<L", data, place + 42)
        name = raw.decode("utf-8", "replace")
        if local != end:
            yield "%s: there is something in front of it" % name
        for text in _entry(data, place, local, raw, extra, comment):
            yield "%s: %s" % (name, text)
        if name.casefold() in seen:
            yield "%s: is there twice" % name
        seen.add(name.casefold())
        end = local + 30 + length + struct.unpack_from("<L", data, place + 20)[0]
        place += 46 + length + extra + comment
    if end != start or place != at:
        yield "there is something between the entries, the directory and the end"


def _entry(data, place, local, raw, extra, comment):
    needed, flags, method = struct.unpack_from("<3H", data, place + 6)
    crc, packed, size = struct.unpack_from("<3L", data, place + 16)
    if data[local:local + 4] != LOCAL or data[local + 30:local + 30 + len(raw)] != raw:
        yield "its own header has another name"
    if struct.unpack_from("<3H", data, local + 4) != (needed, flags, method) or \
            struct.unpack_from("<3L", data, local + 14) != (crc, packed, size):
        yield "its own header says something else than the directory"
    if needed > 20:
        yield "needs version %d.%d of zip" % divmod(needed, 10)
    if flags & DESCRIPTOR:
        yield "has a data descriptor"
    if flags != UTF8:
        yield "has the flags 0x%x" % flags
    if method not in (STORED, DEFLATED):
        yield "is packed with method %d" % method
    if extra or comment or struct.unpack_from("<H", data, local + 28)[0]:
        yield "has extra fields or a comment"
    if 0xFFFFFFFF in (packed, size, local):
        yield "is of zip64"
    if struct.unpack_from("<L", data, place + 38)[0] >> 28 not in (0, 8):
        yield "is no ordinary file"
    yield from _name(raw)


def _name(raw):
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        yield "its name is not UTF-8"
        return
    if len(name) > 180:
        yield "its name is so long that Explorer may not find room for it"
    if name.startswith("/"):
        yield "its name is absolute"
    if any(ord(c) < 32 or 0x7f <= ord(c) < 0xa0 or c in FORBIDDEN for c in name):
        yield "has a character in its name that Windows does not allow"
    for part in name.split("/"):
        if part in ("", ".", "..") or part[-1] in ". ":
            yield "has an empty part in its name, or one that ends in a dot or space"
        if part.split(".")[0].rstrip(" ").upper() in DEVICES:
            yield "has the name of a device"
