"""The readers, how exact each is, their manners of writing, and what each is known to get wrong whoever wrote the log.

All of the faults were seen on logs that Windows wrote. A fault is excused only on a record of the shape that brings it about.
"""

import base64
import binascii

from . import programs, shapes

# Titles of the faults that several readers share.
NULL = "elements that a NULL leaves out are printed empty"
RENDERING = "RenderingInfo is lost"
BASE64 = "Binary is printed as base64"
BARE = "binary XML without a template is not read"
BEHIND = "records behind one that it does not read, as it gives up there"
ORIGINAL = "the same on the original log"


class Reader:
    """What is common. `faults` has the title of each kind, `manners` those that lose nothing: such a record agrees."""

    name, precision, ordered, gives_up = "", 0, True, False
    manners, faults = {}, {"original": ORIGINAL}

    def read(self, path):
        raise NotImplementedError

    def unread(self, shape, event):
        """The kind of fault by which this reader does not read such a record, or ""."""
        return ""

    def text_fault(self, ours, theirs, shape):
        """The kind by which it has `theirs` for `ours`; each is (name, text), or None where that side has no more."""
        return ""


class EvtxDump(Reader):
    name, precision = "evtx_dump", 9  # it cuts the last digit
    manners = {"null": NULL}
    faults = {"rendering": RENDERING, **Reader.faults}

    def __init__(self, program):
        self.program = program

    def read(self, path):
        return programs.evtx_dump(self.program, path)

    def text_fault(self, ours, theirs, shape):
        return "rendering" if _rendering(ours) else ""


class Libevtx(Reader):
    name, gives_up = "evtxexport", True
    faults = {"bare": BARE, "behind": BEHIND, "rendering": RENDERING,
              "markup": "<, > and & of AnsiStrings stay as they are: XML that does not parse",
              "surrogates": "characters beyond U+FFFF are wrong", **Reader.faults}

    def __init__(self, program):
        self.program = program

    def read(self, path):
        return programs.evtxexport(self.program, path)

    def unread(self, shape, event):
        if shape.bare:
            return "bare"
        return "markup" if shapes.ANSI in shape.types and any(set(t) & set("<>&") for _, t in event.leaves) else ""

    def text_fault(self, ours, theirs, shape):
        if _rendering(ours):
            return "rendering"
        return "surrogates" if _beyond(ours[1]) else ""


class PythonEvtx(Reader):
    name, precision = "python-evtx", 30  # its times are float64 microseconds
    manners = {"null": NULL, "base64": BASE64}
    faults = {"bare": BARE, "rendering": RENDERING,
              "utf16": "arrays with empty strings, or characters beyond U+FFFF, are a decoding error",
              "empty": "empty strings of an array are dropped", **Reader.faults}

    def __init__(self, python, most):
        self.program, self.most = python, most

    def read(self, path):
        reading = programs.python_evtx(self.program, path, self.most)
        for found in reading.events:
            found.leaves = [leaf for name, text in found.leaves for leaf in _items(name, text)]
        return reading

    def unread(self, shape, event):
        if shape.bare:
            return "bare"
        return "utf16" if any(text == "" or _beyond(text) for _, text in event.leaves) and 0x81 in shape.types else ""

    def text_fault(self, ours, theirs, shape):
        if _rendering(ours):
            return "rendering"
        if ours == ("Data", "") and 0x81 in shape().types:
            return "empty"
        return "base64" if ours and theirs and _base64(theirs[1].strip()) == ours[1].lower() else ""


class GolangEvtx(Reader):
    name, ordered = "golang-evtx", False
    manners = {"null": NULL}
    faults = {"bare": BARE, "rendering": RENDERING, "empty": "empty strings are dropped",
              "repeated": "of several values with one name only one is kept",
              "types": "SizeT, AnsiString, Real32, SYSTEMTIME and arrays are no text", "bool": "only 1 is true", **Reader.faults}
    _TYPES = {shapes.SIZET, shapes.ANSI, 0x0B, 0x12}

    def __init__(self, program):
        self.program = program

    def read(self, path):
        return programs.go_reader(self.program, path)

    def unread(self, shape, event):
        return "bare" if shape.bare else ""

    def text_fault(self, ours, theirs, shape):
        if _rendering(ours):
            return "rendering"
        if ours and not theirs and ours[1] == "":
            return "empty"
        if ours and theirs and (ours[1], theirs[1]) == ("true", "false"):
            return "bool"
        return "types" if _has_types(shape(), self._TYPES) else ""


class Velocidex(Reader):
    name, precision, ordered = "velocidex", 20, False  # its times are float64 seconds
    manners = {"null": NULL, "base64": BASE64}
    faults = {"bare": BARE, "rendering": RENDERING, "empty": "empty strings at the end of an array are dropped",
              "repeated": "of several values with one name only one is kept", "binary": "the Binary beside named data is lost",
              "slot": "an empty element takes the first value of its template",
              "tokens": "entity and character references, CDATA and processing instructions are misread",
              "types": "signed integers, SizeT, AnsiString, floats, SYSTEMTIME and their arrays are no text", **Reader.faults}
    _TYPES = {shapes.SIZET, shapes.ANSI, 0x03, 0x05, 0x07, 0x09, 0x0B, 0x0C, 0x12}

    def __init__(self, program):
        self.program = program

    def read(self, path):
        return programs.go_reader(self.program, path)

    def unread(self, shape, event):
        return "bare" if shape.bare else ""

    def text_fault(self, ours, theirs, shape):
        if _rendering(ours):
            return "rendering"
        if ours and theirs and _base64(theirs[1]) == ours[1].lower():
            return "base64"
        if ours and ours[1] == "":
            return "slot" if theirs else "empty"
        if ours and not theirs and ours[0] == "Binary":
            return "binary"
        if shape().tokens & {0x07, 0x08, 0x09, 0x0A, 0x0B}:
            return "tokens"
        return "types" if _has_types(shape(), self._TYPES) else ""


def _rendering(ours):
    return ours is not None and ours[0].startswith("RenderingInfo/")


def _beyond(text):
    return any(c > "\uffff" for c in text)


def _has_types(shape, types):
    return bool(shape.types & types) or any(t & 0x80 and t != 0x81 for t in shape.types)


def _base64(text):
    try:
        return base64.b64decode(text, validate=True).hex()
    except (binascii.Error, ValueError):
        return None


def _items(name, text):
    """python-evtx prints an array as one text: <string>a</string> and a line end for each item."""
    if name == "Data" and text.startswith("<string>") and text.rstrip("\n").endswith("</string>"):
        return [(name, item) for item in text.rstrip("\n")[len("<string>"):-len("</string>")].split("</string>\n<string>")]
    return [(name, text)]
