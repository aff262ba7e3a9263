"""The differences that are meant: the table of evtx/testdata/deviations.md.

Each row: id | format | file | path | values | reason. File and path are shell patterns; values is a regular expression over
both values with " -> " between them, evtx_dump's first; `*` alone stands for anything, `same number` for two ways to write a
floating-point number.
"""

import fnmatch
import re

# How evtx_dump writes a floating-point number, and how gwlogs does.
_THEIRS = re.compile(r"-?([0-9]+\.[0-9]+|[0-9.]+e[-+]?[0-9]+|inf)")
_OURS = re.compile(r"-?([0-9.]+(e[-+][0-9]{2,3})?|INF)")


class Deviation:
    def __init__(self, cells):
        self.id, self.format, self.file, self.path, self.values, self.reason = cells

    def covers(self, format, file, path, theirs, ours):
        return (self.format in ("*", format) and fnmatch.fnmatchcase(file, self.file)
                and fnmatch.fnmatchcase(path, self.path)
                and (self.values == "*" or self.values == "same number" and _same_number(str(theirs), str(ours))
                     or re.fullmatch(self.values, "%s -> %s" % (theirs, ours), re.DOTALL)))


def _same_number(theirs, ours):
    return bool(_THEIRS.fullmatch(theirs) and _OURS.fullmatch(ours)) and float(theirs) == float(ours)


def read(name):
    found = []
    with open(name, encoding="utf-8") as lines:
        for line in lines:
            cells = [c.strip().strip("`").replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
            if len(cells) == 6 and re.fullmatch(r"D[0-9]+", cells[0]):
                found.append(Deviation(cells))
    return found
