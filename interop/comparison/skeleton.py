"""Which elements of an event hang on a NULL: a third reading of the log, independent of both tools.

A binary XML element whose content is one optional substitution that is NULL is left out of the event (MS-EVEN6
3.1.4.7.2). gwlogs leaves it out, evtx_dump prints it empty. Told apart from elements that are empty for another reason
only by the binary, which is what this module reads: just enough of it to know the elements of each record in order.
It also finds the records whose trailing copy of the size is wrong (torn while they were written).
"""

import re
import struct
import zlib
from collections import defaultdict

CHUNK = 65536
HEADER = 4096
FIRST_RECORD = 512
NULL, STRING, SID, BINXML, ARRAY = 0x00, 0x01, 0x13, 0x21, 0x80
FIXED_SIZE = {0x03: 1, 0x04: 1, 0x05: 2, 0x06: 2, 0x07: 4, 0x08: 4, 0x09: 8, 0x0A: 8, 0x0B: 4, 0x0C: 8, 0x0D: 4,
              0x0F: 16, 0x10: 8, 0x11: 8, 0x12: 16, 0x14: 4, 0x15: 8}
FRAGMENT = b"\x0f\x01\x01\x00"
DEEPEST = 64


class Damaged(Exception):
    """The bytes are not what they should be; the record has no skeleton."""


class Element:
    """An element of an event: its name, its Name attribute, its child elements, and whether Windows leaves it out.

    Where its content is an item of an array, array is the type of the items, and empty tells that there is none.
    """

    __slots__ = ("name", "label", "left_out", "children", "text", "array", "empty")

    def __init__(self, name, label, left_out, children, text, array=0, empty=False):
        self.name, self.label, self.left_out, self.children, self.text = name, label, left_out, children, text
        self.array, self.empty = array, empty


class Record:
    """One record as it lies in the file. root is None where it could not be read."""

    __slots__ = ("header_id", "record_id", "torn", "root", "offset", "size", "repaired")

    def __init__(self, header_id, record_id, torn, root, offset, size, repaired):
        self.header_id, self.record_id, self.torn, self.root, self.offset = header_id, record_id, torn, root, offset
        self.size, self.repaired = size, repaired  # repaired: of the chunk, see Chunk.name


def records(data):
    """Every record of a log, stale ones in unused space too, in file order."""
    for start in sorted({*range(HEADER, len(data), CHUNK), *off_grid(data)}):
        chunk = Chunk(data[start:start + CHUNK])
        at = FIRST_RECORD
        while at + 28 <= len(chunk.data):
            magic, size, header_id = struct.unpack_from("<IIQ", chunk.data, at)
            if magic != 0x2A2A or size < 28 or at + size > len(chunk.data):
                at = chunk.data.find(b"**\0\0", (at + 8) & ~7)
                if at < 0:
                    break
                continue
            torn = struct.unpack_from("<I", chunk.data, at + size - 4)[0] != size
            root = chunk.event(at + 24, at + size - 4)
            yield Record(header_id, record_id_of(root), torn, root, start + at, size, chunk.repaired)
            at += 8 if torn else size


def off_grid(data):
    """Where chunks start whose header has a right checksum, on the grid of 64 KiB or not."""
    at = data.find(b"ElfChnk\0")
    while at >= 0:
        header = data[at:at + FIRST_RECORD]
        if len(header) == FIRST_RECORD and zlib.crc32(header[128:], zlib.crc32(header[:120])) == int.from_bytes(header[124:128], "little"):
            yield at
        at = data.find(b"ElfChnk\0", at + 1)


def by_ids(data):
    """The records under (id in the record's header, EventRecordID): lists in file order."""
    found = defaultdict(list)
    for record in records(data):
        found[record.header_id, record.record_id].append(record)
    return found


def record_id_of(root):
    for system in root.children if root else ():
        if system.name == "System":
            for child in system.children:
                if child.name == "EventRecordID" and child.text.isdigit():
                    return int(child.text)
    return None


class Chunk:
    """The binary XML of one 64 KiB chunk; all offsets in it count from the chunk's start."""

    def __init__(self, data):
        self.data = data
        self.templates = {}  # offset of a definition -> its nodes
        self.names = {}
        self.repaired = {}  # damaged name -> names that it can have been

    def event(self, start, end):
        """The root element of the record at start..end, or None."""
        try:
            top = self.fragment(start, end, 0)
        except (Damaged, struct.error, IndexError, UnicodeDecodeError, RecursionError):
            return None
        # Several fragments in one record are one event: what follows the root belongs into it.
        if not top:
            return None
        root = top[0]
        root.left_out = False
        root.children += top[1:]
        return root

    def fragment(self, at, end, depth):
        """The elements of a run of binary XML. What follows a whole fragment and cannot be read only pads the record."""
        if depth > DEEPEST:
            raise Damaged("nested too deep")
        found = []
        try:
            self.fragments(at, end, depth, found)
        except (Damaged, struct.error, IndexError):
            if not found:
                raise
        return found

    def fragments(self, at, end, depth, found):
        while at < end:
            token = self.data[at]
            if token == 0x00:  # end of the fragment; another may follow
                at += 1
                if self.data[at:at + 4] != FRAGMENT:  # what pads a record may look like anything else
                    break
            elif token == 0x0F:
                at += 4
            elif token == 0x0C:
                elements, at = self.instance(at, end, depth)
                found += elements
            else:
                nodes, at = self.nodes(at, end, False, depth)
                found += self.expand(nodes, [], depth)
                if self.data[at:at + 4] != FRAGMENT:
                    break

    def instance(self, at, end, depth):
        """A template instance: its elements, and where the next token is."""
        definition = struct.unpack_from("<I", self.data, at + 6)[0]
        at += 10
        size = struct.unpack_from("<I", self.data, definition + 20)[0]
        if definition == at:
            at += 24 + size
        if definition not in self.templates:
            self.templates[definition] = self.nodes(definition + 24, definition + 24 + size, True, depth)[0]
        count = struct.unpack_from("<I", self.data, at)[0]
        at += 4
        if at + 4 * count > end:
            raise Damaged("more values than bytes")
        values, where = [], at + 4 * count
        for i in range(count):
            length, kind = struct.unpack_from("<HB", self.data, at + 4 * i)
            values.append((kind, where, length))
            where += length
        return self.expand(self.templates[definition], values, depth), where

    def nodes(self, at, end, dependency_ids, depth):
        """Binary XML as nodes: ("text", s), ("hole", slot, optional), ("element", name, label nodes, nodes), ("nested", …)."""
        if depth > DEEPEST:
            raise Damaged("nested too deep")
        stack, top = [], []
        while at < end:
            token = self.data[at] & 0xBF
            if token == 0x00:
                at += 1
                break
            if token == 0x0F and not stack and top:
                break
            if token == 0x0F:
                at += 4
            elif token == 0x01:
                has_attributes = self.data[at] & 0x40
                at += 1 + (2 if dependency_ids else 0) + 4
                name, at = self.name(at)
                label = []
                if has_attributes:
                    label, at = self.attributes(at + 4)
                node = ("element", name, label, [])
                top.append(node)
                stack.append(top)
                top = node[3]
            elif token == 0x02:
                at += 1
            elif token in (0x03, 0x04):
                if not stack:
                    raise Damaged("an element ends that never began")
                at += 1
                top = stack.pop()
            elif token == 0x0C:
                elements, at = self.instance(at, end, depth + 1)
                top.append(("nested", elements))
            elif token == 0x0A:
                _, at = self.name(at + 1)
            elif token == 0x0B:
                at += 3 + 2 * struct.unpack_from("<H", self.data, at + 1)[0]
            else:
                node, at = self.content(at)
                top.append(node)
        return (stack[0] if stack else top), at

    def attributes(self, at):
        """Passes over a list of attributes; answers the nodes of the one called Name."""
        label = []
        while self.data[at] & 0xBF == 0x06:
            name, at = self.name(at + 1)
            value = []
            while self.data[at] & 0xBF in (0x05, 0x07, 0x08, 0x09, 0x0D, 0x0E):
                node, at = self.content(at)
                value.append(node)
            if name == "Name":
                label = value
        return label, at

    def content(self, at):
        """A token of text content, and where the next is."""
        token = self.data[at] & 0xBF
        if token == 0x05:
            if self.data[at + 1] != STRING:
                raise Damaged("a literal value that is no string")
            text, at = self.counted(at + 2)
            return ("text", text), at
        if token == 0x07:
            text, at = self.counted(at + 1)
            return ("text", text), at
        if token == 0x08:
            return ("text", chr(struct.unpack_from("<H", self.data, at + 1)[0])), at + 3
        if token == 0x09:
            name, at = self.name(at + 1)
            return ("text", "&" + name + ";"), at
        if token in (0x0D, 0x0E):
            return ("hole", struct.unpack_from("<H", self.data, at + 1)[0], token == 0x0E), at + 4
        raise Damaged("token 0x%02x" % self.data[at])

    def counted(self, at):
        n = struct.unpack_from("<H", self.data, at)[0]
        return self.data[at + 2:at + 2 + 2 * n].decode("utf-16-le", "replace"), at + 2 + 2 * n

    def name(self, at):
        """The name that the offset at `at` points to, and where the next token is."""
        offset = struct.unpack_from("<I", self.data, at)[0]
        at += 4
        if offset not in self.names:
            n = struct.unpack_from("<H", self.data, offset + 6)[0]
            if offset + 10 + 2 * n > len(self.data):
                raise Damaged("a name outside of the chunk")
            raw = self.data[offset + 8:offset + 8 + 2 * n]
            text = raw.decode("utf-16-le", "replace")
            stored = struct.unpack_from("<H", self.data, offset + 4)[0]
            if name_hash(raw) != stored:
                self.repaired[text] = repairs(raw, stored) + ["unreadable-0x%x" % offset]
                text = self.repaired[text][0]
            self.names[offset] = text, 10 + 2 * n
        text, size = self.names[offset]
        return text, at + size if offset == at else at

    def expand(self, nodes, values, depth):
        """The elements that nodes make with the values of an instance."""
        found = []
        for node in nodes:
            if node[0] == "nested":
                found += node[1]
            elif node[0] == "hole":
                kind, at, length = self.value(values, node[1])
                if kind == BINXML and length:
                    found += self.fragment(at, at + length, depth + 1)
            elif node[0] == "element":
                _, name, label, content = node
                holes = [n for n in content if n[0] == "hole"]
                left_out = (len(content) == 1 and len(holes) == 1 and holes[0][2]
                            and self.value(values, holes[0][1])[0] == NULL)
                children = [] if left_out else self.expand(content, values, depth)
                text = self.text(content, values) if name == "EventRecordID" else ""
                array, empty = 0, False
                if len(content) == 1 and holes:
                    kind, _, length = self.value(values, holes[0][1])
                    array, empty = kind & 0x7F if kind & ARRAY else 0, not length
                for _ in range(max([1] + [self.items(self.value(values, h[1])) for h in holes])):
                    found.append(Element(name, self.text(label, values), left_out, children, text, array, empty))
        return found

    def value(self, values, slot):
        return values[slot] if slot < len(values) else (NULL, 0, 0)

    def items(self, value):
        """How many items an array has; 1 for anything else. An element is repeated for each."""
        kind, at, length = value
        if not kind & ARRAY:
            return 1
        if kind & 0x7F == STRING:
            units = self.data[at:at + length]
            n = sum(1 for i in range(0, len(units) - 1, 2) if units[i] == 0 == units[i + 1])
            return n if units[-2:] == b"\0\0" else n + 1
        if kind & 0x7F == SID:
            n, end = 0, at + length
            while at + 2 <= end:
                at += 8 + 4 * self.data[at + 1]
                n += 1
            return n
        return length // FIXED_SIZE.get(kind & 0x7F, length or 1)

    def text(self, nodes, values):
        """The text of strings and integers; nothing else is needed here."""
        out = []
        for node in nodes:
            if node[0] == "text":
                out.append(node[1])
            elif node[0] == "hole":
                kind, at, length = self.value(values, node[1])
                raw = self.data[at:at + length]
                if kind == STRING:
                    out.append(raw.decode("utf-16-le", "replace").split("\0")[0])
                elif kind in (0x04, 0x06, 0x08, 0x0A):
                    out.append(str(int.from_bytes(raw, "little")))
        return "".join(out)


def name_hash(raw):
    """The hash that is stored with a name (MS-EVEN6 2.2.12, rule NameHash)."""
    value = 0
    for i in range(0, len(raw), 2):
        value = (value * 65599 + int.from_bytes(raw[i:i + 2], "little")) & 0xFFFFFFFF
    return value & 0xFFFF


LONGEST_NAME = 256  # characters; no provider has names like that, and junk has some of 65535


def repairs(raw, stored):
    """The names in ASCII that have the stored hash and differ from raw in one bit, or raw itself if its hash does."""
    found = []
    if len(raw) > 2 * LONGEST_NAME:
        return found
    have = name_hash(raw)
    if bin(have ^ stored).count("1") == 1:
        found.append(raw.decode("utf-16-le", "replace"))
    # A bit of a character adds or takes away its value times the power that the character has in the hash.
    power, weights = 1, []
    for _ in range(len(raw) // 2):
        weights.append(power)
        power = power * 65599 & 0xFFFF
    weights.reverse()
    for i in range(len(raw)):
        for bit in range(8):
            change = weights[i // 2] << (bit + 8 * (i % 2))
            if (have - change if raw[i] >> bit & 1 else have + change) & 0xFFFF != stored:
                continue
            text = bytearray(raw)
            text[i] ^= 1 << bit
            name = text.decode("utf-16-le", "replace")
            if re.fullmatch(r"[A-Za-z_:][A-Za-z0-9_:.-]*", name):
                found.append(name)
    return found
