"""Tests of the comparison itself: that it sees what is wrong, and excuses only what it is meant to."""

import os
import struct
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET
import zlib

from . import compare, event, programs, readers, texts
from .programs import Reading
from .shapes import Shape

HERE = os.path.dirname(os.path.abspath(__file__))
INTEROP = os.path.dirname(HERE)
LOG = os.path.join(os.path.dirname(INTEROP), "testdata", "gateway-en.evtx")
CHUNK, HEADER = 65536, 4096


def xml(record_id, data, time="2017-05-04T18:00:00.1234567Z"):
    return event.from_tree(ET.fromstring(
        "<Event xmlns='x'><System><Provider Name='p'/><EventID Qualifiers='0'>7</EventID><TimeCreated SystemTime='%s'/>"
        "<EventRecordID>%d</EventRecordID><Channel>c</Channel></System><EventData>%s</EventData></Event>"
        % (time, record_id, data)))


def judged(reader, ours, reading, shape=None):
    return compare.compare(reader, ours, reading, lambda position: shape or Shape())


class Forms(unittest.TestCase):
    def test_xml_and_json_give_the_same(self):
        a = xml(3, "<Data Name='a'>1</Data><Data Name='Value'>x</Data><Data/>")
        b = event.from_json({"System": {"EventID": {"Qualifiers": 0, "Value": 7}, "EventRecordID": "3", "Channel": "c",
                                        "TimeCreated": {"SystemTime": "2017-05-04T18:00:00.1234567Z"}},
                             "EventData": {"Value": "x", "Data": None, "a": 1}})
        self.assertEqual((a.key, a.time), (b.key, b.time))
        self.assertEqual(sorted(a.leaves), sorted(b.leaves))

    def test_times(self):
        want = event.ticks("2017-05-04T18:00:00.1234567Z")
        self.assertEqual(event.ticks("2017-05-04T18:00:00.123456700Z"), want)
        self.assertEqual(want - event.ticks("2017-05-04 18:00:00.123456"), 7)
        self.assertLess(abs(event.ticks(1493920800.1234567) - want), 20)
        self.assertEqual(event.ticks("1601-01-01T00:00:00Z"), 0)
        self.assertIsNone(event.ticks("2017"))

    def test_texts(self):
        for ours, theirs, want in [
            ("a", "a", True), ("a", "b", False), ("a\nb", "a\r\nb", True), ("a\x01", "a", True), ("", "a", False),
            ("0x10", "0x00000010", True), ("0x10", "16", True), ("16", "0x10", False), ("true", "True", True), ("1", "true", False),
            ("{0123abcd-0000-1111-2222-33445566778f}", "0123ABCD-0000-1111-2222-33445566778F", True),
            ("2020-01-02T03:04:05.1234567Z", "2020-01-02T03:04:05.123456Z", True),
            ("2020-01-02T03:04:05.1234567Z", "2020-01-02T03:04:05.123455Z", False),
        ]:
            with self.subTest(ours=ours, theirs=theirs):
                self.assertEqual(bool(texts.same(ours, theirs, 9)), want)


class Comparing(unittest.TestCase):
    log = [xml(n, "<Data>a</Data><Data></Data><Data>%d</Data>" % n) for n in (4, 5, 6)]

    def test_agreeing(self):
        verdict = judged(readers.EvtxDump(""), self.log, Reading(self.log))
        self.assertEqual((verdict.agreeing, verdict.failures, verdict.open), (3, [], []))

    def test_missing_and_more(self):
        self.assertEqual([o[0] for o in judged(readers.EvtxDump(""), self.log, Reading(self.log[:1] + self.log[2:])).open], [1])
        self.assertTrue(judged(readers.EvtxDump(""), self.log[1:], Reading(self.log)).failures)

    def test_wrong(self):
        for bad in (xml(4, "<Data>b</Data><Data></Data><Data>4</Data>"), xml(4, "<Data>a</Data><Data>4</Data>"),
                    xml(4, "<Data>a</Data><Data></Data><Data>4</Data>", "2017-05-04T18:00:00.1234667Z")):
            with self.subTest(bad=bad.leaves):
                for reader in (readers.EvtxDump(""), readers.Libevtx("")):
                    self.assertEqual(len(judged(reader, self.log[:1], Reading([bad])).open), 1)

    def test_null_printed_empty(self):
        more = xml(4, "<Data>a</Data><Data></Data><Data>4</Data><Binary/>")
        self.assertEqual(judged(readers.EvtxDump(""), self.log[:1], Reading([more])).agreeing, 1)
        self.assertEqual(len(judged(readers.Libevtx(""), self.log[:1], Reading([more])).open), 1)

    def test_dropped_empty(self):
        less = xml(4, "<Data>a</Data><Data>4</Data>")
        self.assertEqual(dict(judged(readers.GolangEvtx(""), self.log[:1], Reading([less])).faults), {"empty": 1})

    def test_bare_excused_by_shape_alone(self):
        bare = Shape()
        bare.bare = True
        for shape, faults, left in ((bare, {"bare": 1, "behind": 2}, 0), (Shape(), {"behind": 2}, 1)):
            verdict = judged(readers.Libevtx(""), self.log, Reading([], stopped="bad"), shape)
            self.assertEqual((dict(verdict.faults), len(verdict.open)), (faults, left))


def chunk_sums(log, at):
    """Makes the checksums of the chunk at `at` right again."""
    free = struct.unpack_from("<I", log, at + 48)[0]
    struct.pack_into("<I", log, at + 52, zlib.crc32(log[at + 512:at + free]))
    struct.pack_into("<I", log, at + 124, zlib.crc32(log[at + 128:at + 512], zlib.crc32(log[at:at + 120])))


def flip(log, at):
    log[at] ^= 0xFF


def template(log):
    """Points the second record to a template that is not there."""
    at = HEADER + 512
    second = at + struct.unpack_from("<I", log, at + 4)[0]
    struct.pack_into("<I", log, second + 24 + 4 + 6, 0xFFF0)
    chunk_sums(log, HEADER)


def record_number(log):
    struct.pack_into("<Q", log, HEADER + 16, struct.unpack_from("<Q", log, HEADER + 16)[0] - 1)
    chunk_sums(log, HEADER)


def names(log):
    log[HEADER + 128:HEADER + 384] = bytes(256)
    chunk_sums(log, HEADER)


def size(log):
    struct.pack_into("<I", log, HEADER + 512 + 4, 0)
    chunk_sums(log, HEADER)


# What each breakage is, and which readers must not get away with it; verify.py sees every one.
BREAKAGES = {
    "file checksum": (lambda log: flip(log, 124), {}),
    "chunk checksum": (lambda log: flip(log, HEADER + 124), {"evtx_dump"}),
    "records checksum": (lambda log: flip(log, HEADER + 52), {"evtx_dump"}),
    "chunk count": (lambda log: flip(log, 42), {}),
    "record number": (record_number, {"velocidex"}),
    "record size": (size, {"evtx_dump", "evtxexport", "golang-evtx", "velocidex", "python-evtx"}),
    "template": (template, {"evtx_dump", "evtxexport", "golang-evtx", "python-evtx"}),
    "names": (names, {}),
}


class Broken(unittest.TestCase):
    """Each reader that is installed, but for python-evtx, which takes minutes, on logs broken on purpose: what it reads of the whole log is
    what it should."""

    def test_broken_logs(self):
        found = [r for r in (
            readers.EvtxDump(os.environ.get("EVTX_DUMP") or self.tool("bin", "evtx_dump")),
            readers.Libevtx(self.tool("libevtx", "bin", "evtxexport")),
            readers.GolangEvtx(self.tool("bin", "golang-evtx")), readers.Velocidex(self.tool("bin", "velocidex")),
        ) if os.access(r.program, os.X_OK)]
        whole = {r.name: r.read(LOG).events for r in found}
        with open(LOG, "rb") as f:
            log = f.read()
        for title, (breakage, seen_by) in BREAKAGES.items():
            broken = bytearray(log)
            breakage(broken)
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "broken.evtx")
                with open(path, "wb") as f:
                    f.write(broken)
                with self.subTest(breakage=title, reader="verify.py"):
                    self.assertTrue(programs.checker(path, os.path.join(INTEROP, "verify.py")).refused)
                for reader in found:
                    reading = reader.read(path)
                    verdict = judged(reader, whole[reader.name], reading)
                    seen = bool(verdict.open or verdict.failures or reading.stopped)
                    with self.subTest(breakage=title, reader=reader.name):
                        self.assertEqual(seen, reader.name in seen_by)

    def tool(self, *path):
        return os.path.join(os.path.dirname(INTEROP), ".tools", *path)


if __name__ == "__main__":
    sys.exit(unittest.main())
