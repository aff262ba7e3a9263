"""Tests of the comparison itself: that its rules excuse what they are meant for, and nothing else."""

import os
import tempfile
import unittest

from . import deviations, jsonshape, leaves, xmlshape
from .leaves import Report
from .skeleton import Element, name_hash, repairs


def element(name, *children, label="", left_out=False, array=0, empty=False):
    return Element(name, label, left_out, list(children), "", array, empty)


def json_differences(theirs, ours, root):
    report = Report()
    expected = jsonshape.expected(jsonshape.parse(theirs), root, report)
    jsonshape.compare(expected, jsonshape.parse(ours), "", report)
    return report


class Leaves(unittest.TestCase):
    def test_same(self):
        guid = "0123ABCD-0000-1111-2222-33445566778F"
        for theirs, ours, want in [
            ("a", "a", ""), (1, 1, ""), ("a", "b", None), (1, "1", None), (1, True, None), ("", None, None),
            ("2020-01-02T03:04:05.123456Z", "2020-01-02T03:04:05.1234567Z", "time"),
            ("2020-01-02T03:04:05.123457Z", "2020-01-02T03:04:05.1234567Z", None),
            ("2020-01-02T03:04:05.123456Z", "2020-01-02T03:04:06.1234567Z", None),
            (guid, "{%s}" % guid.lower(), "guid"), (guid, guid.lower(), None), (guid, "{%s}" % guid[::-1], None),
        ]:
            with self.subTest(theirs=theirs, ours=ours):
                self.assertEqual(leaves.same(theirs, ours), want)


class Names(unittest.TestCase):
    def test_repairs(self):
        name = "Channel".encode("utf-16-le")
        self.assertEqual(repairs("Bhannel".encode("utf-16-le"), name_hash(name)), ["Channel"])
        self.assertEqual(repairs(name, name_hash(name) ^ 4), ["Channel"])
        self.assertEqual(repairs("Zzannel".encode("utf-16-le"), name_hash(name)), [])

    def test_rename(self):
        repaired = {"Bhannel": ["Channel"]}
        for ours, want in [('{"Event":{"Channel":1}}', []), ('{"Event":{"Bhannel":1}}', []), ('{"Event":{"Dhannel":1}}', ["wrong"])]:
            theirs, mine, report = jsonshape.parse('{"Event":{"Bhannel":1}}'), jsonshape.parse(ours), Report()
            jsonshape.rename(theirs, mine, repaired, report)
            jsonshape.compare(theirs, mine, "", report)
            self.assertEqual(bool(report.differences), bool(want), ours)

    def test_rename_xml(self):
        theirs, report = xmlshape.parse("<Event Mame='x'><Bhannel>1</Bhannel></Event>")[0], Report()
        ours = xmlshape.parse("<Event Name='x'><Channel>1</Channel></Event>")[0]
        xmlshape.rename(theirs, ours, {"Bhannel": ["Channel"], "Mame": ["Name"]}, report)
        xmlshape.compare(theirs, ours, "", report)
        self.assertEqual((report.differences, report.rules), ([], {"name": 2}))


class Deviations(unittest.TestCase):
    def test_same_number(self):
        row = deviations.Deviation(["D9", "*", "*", "*", "same number", ""])
        for theirs, ours, want in [
            ("1.0", "1", True), ("1234567.0", "1.234567e+06", True), ("1e-7", "1e-07", True), ("-inf", "-INF", True), ("0.1", "0.1", True),
            ("1.0", "2", False), ("1", "1.0", False), ("1.0", "1.0x", False), ("inf", "-INF", False), ("x", "x1", False),
        ]:
            with self.subTest(theirs=theirs, ours=ours):
                self.assertEqual(row.covers("json", "a", "/Event", theirs, ours), want)


class Json(unittest.TestCase):
    def test_null_is_left_out(self):
        root = element("Event", element("EventData", element("Data"), element("Binary", left_out=True)))
        theirs = '{"Event":{"EventData":{"Data":{"#text":"a"},"Binary":null}}}'
        good = json_differences(theirs, '{"Event":{"EventData":{"Data":{"#text":"a"}}}}', root)
        self.assertEqual((good.differences, good.rules), ([], {"null": 1}))
        self.assertTrue(json_differences(theirs, theirs, root).differences, "kept though it is NULL")

    def test_empty_is_kept(self):
        root = element("Event", element("EventData", element("Data"), element("Binary")))
        theirs = '{"Event":{"EventData":{"Data":{"#text":"a"},"Binary":null}}}'
        self.assertEqual(json_differences(theirs, theirs, root).differences, [])
        bad = json_differences(theirs, '{"Event":{"EventData":{"Data":{"#text":"a"}}}}', root)
        self.assertTrue(bad.differences, "left out though it is not NULL")

    def test_repeated_names(self):
        root = element("Event", element("EventData", *(element("Data", label="a") for _ in range(3))))
        theirs = '{"Event":{"EventData":{"a":1,"a":2,"a":"x"}}}'
        good = json_differences(theirs, '{"Event":{"EventData":{"a":[1,2,"x"]}}}', root)
        self.assertEqual((good.differences, good.rules), ([], {"repeated": 2}))
        self.assertTrue(json_differences(theirs, '{"Event":{"EventData":{"a":"x"}}}', root).differences)

    def test_arrays_keep_brackets(self):
        data = lambda *items: element("Event", element("EventData", *items))
        for theirs, ours, root in [
            ('"a":"445"', '"a":[445]', data(element("Data", label="a", array=0x08))),
            ('"a":445,"a":1312', '"a":[445,1312]', data(*2 * [element("Data", label="a", array=0x08)])),
            ('"a":"true"', '"a":[true]', data(element("Data", label="a", array=0x0D))),
            ('"a":""', '"a":[]', data(element("Data", label="a", array=0x08, empty=True))),
            ('"a":"x"', '"a":["x"]', data(element("Data", label="a", array=0x01))),
            ('"Data":{"#text":"445"}', '"Data":{"#text":[445]}', data(element("Data", array=0x08))),
            ('"Data":{"#text":"x"}', '"Data":{"#text":"x"}', data(element("Data", array=0x01))),
        ]:
            with self.subTest(ours=ours):
                event = '{"Event":{"EventData":{%s}}}'
                self.assertEqual(json_differences(event % theirs, event % ours, root).differences, [])
                no_array = data(*(element("Data", label=e.label) for e in root.children[0].children))
                if ours != theirs and len(no_array.children[0].children) == 1:
                    self.assertTrue(json_differences(event % theirs, event % ours, no_array).differences, "brackets of no array")

    def test_null_in_an_array(self):
        root = element("Event", element("EventData", element("Data"), element("Data", left_out=True), element("Data")))
        theirs = '{"Event":{"EventData":{"Data":{"#text":["a","","b"]}}}}'
        good = json_differences(theirs, '{"Event":{"EventData":{"Data":{"#text":["a","b"]}}}}', root)
        self.assertEqual(good.differences, [])

    def test_order_and_rendering(self):
        root = element("Event")
        self.assertTrue(json_differences('{"Event":{"a":1,"b":2}}', '{"Event":{"b":2,"a":1}}', root).differences)
        kept = json_differences('{"Event":{"a":1}}', '{"Event":{"a":1,"RenderingInfo":{"x":1}}}', root)
        self.assertEqual((kept.differences, kept.rules), ([], {"rendering": 1}))


class Xml(unittest.TestCase):
    def compare(self, theirs, ours, root):
        report = Report()
        expected = xmlshape.expected(xmlshape.parse(theirs)[0], root, report)
        xmlshape.compare(expected, xmlshape.parse(ours)[0], "", report)
        return report

    def test_null(self):
        root = element("Event", element("A"), element("B", left_out=True))
        good = self.compare("<Event><A></A><B></B></Event>", "<Event><A/></Event>", root)
        self.assertEqual((good.differences, good.rules), ([], {"null": 1}))
        self.assertTrue(self.compare("<Event><A></A><B></B></Event>", "<Event><B/></Event>", root).differences)

    def test_control_characters(self):
        tree, replaced = xmlshape.parse("<a>x\x01&#x2;\r\n</a>")
        self.assertEqual((tree.text, replaced), ("x\ufffd\ufffd\r\n", 2))

    def test_text_and_attributes(self):
        root = element("Event")
        for theirs, ours in [("<Event>a</Event>", "<Event>b</Event>"), ("<Event/>", "<Event a='1'/>"),
                             ("<Event><A/>x</Event>", "<Event><A/></Event>"),
                             ("<Event a='1' b='2'/>", "<Event b='2' a='1'/>")]:
            self.assertTrue(self.compare(theirs, ours, root).differences, ours)


class Deviations(unittest.TestCase):
    def test_read(self):
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(folder, "deviations.md")
            with open(name, "w", encoding="utf-8") as f:
                f.write("| id | format | file | path | values | reason |\n|---|---|---|---|---|---|\n"
                        "| D1 | json | `*/a.evtx` | `/Event/*` | `(a\\|b) -> \\1\\1` | because |\n")
            d, = deviations.read(name)
        self.assertTrue(d.covers("json", "x/a.evtx", "/Event/Y", "b", "bb"))
        for other in [("xml", "x/a.evtx", "/Event/Y", "b", "bb"), ("json", "x/b.evtx", "/Event/Y", "b", "bb"),
                      ("json", "x/a.evtx", "/Other", "b", "bb"), ("json", "x/a.evtx", "/Event/Y", "b", "aa")]:
            self.assertFalse(d.covers(*other), other)


if __name__ == "__main__":
    unittest.main()
