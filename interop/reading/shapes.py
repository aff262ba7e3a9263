"""What a record is made of, where that decides whether a reader can have it: asked of verify.py's own decoder."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import verify  # noqa: E402

SIZET, ANSI, BINXML = 0x10, 0x02, 0x21


class Shape:
    """bare: no template, or a part without one; types: the value types that occur; tokens: entity references and the like."""

    __slots__ = ("bare", "types", "tokens")

    def __init__(self):
        self.bare, self.types, self.tokens = False, set(), set()


class _Chunk(verify.Chunk):
    """Notes in passing what verify.py decodes."""

    def record(self, o, size, rid, t):
        self.shape = Shape()
        self.shape.bare = self.d[o + 28] != 0x0C
        found = super().record(o, size, rid, t)
        found["shape"] = self.shape
        return found

    def value(self, t, raw, i, off, depth):
        self.shape.types.add(t)
        if t == BINXML and raw:
            self.shape.bare |= raw[:1] != b"\x0c" and raw[4:5] != b"\x0c"
        return super().value(t, raw, i, off, depth)

    def content(self, o, end):
        self.shape.tokens.add(self.d[o] & 0xBF)
        return super().content(o, end)

    def stream(self, o, end, dep, depth):
        if o < end and self.d[o] & 0xBF in (0x0A, 0x0B):
            self.shape.tokens.add(self.d[o] & 0xBF)
        return super().stream(o, end, dep, depth)

    def definition(self, off, end):
        """A template is decoded once a chunk, but what is in it counts for every record that uses it."""
        outer, self.shape.tokens = self.shape.tokens, set()
        answer = super().definition(off, end)
        if off in self.defs:
            self.__dict__.setdefault("in_template", {})[id(self.defs[off][1])] = self.shape.tokens
        self.shape.tokens = outer
        return answer

    def instance(self, o, end, depth):
        node, after = super().instance(o, end, depth)
        self.shape.tokens |= self.__dict__.get("in_template", {}).get(id(node[1]), set())
        return node, after


def of(path):
    """The shapes of the records of a log, in the order of the file: a list of (EventRecordID, Shape)."""
    original = verify.Chunk
    verify.Chunk = _Chunk
    try:
        chunks = verify.check_file(path, verify.Report(path))
    finally:
        verify.Chunk = original
    return [(r.get("event_record_id"), r["shape"]) for c in chunks for r in c.records]
