"""One log: every reader run over it, and judged."""

from collections import Counter

from . import compare, programs, shapes


class Job:
    """sources: the logs that gwlogs wrote it from, by the selection; () for a log that it did not write."""

    def __init__(self, path, name, sources=(), selection=()):
        self.path, self.name, self.sources, self.selection = path, name, tuple(sources), tuple(selection)


class Row:
    """What the table says of one reader: over one log, or added up."""

    def __init__(self):
        self.files = self.records = self.agreeing = 0
        self.manners, self.faults = Counter(), Counter()
        self.failures, self.excused = [], []

    def add(self, other):
        self.files += other.files
        self.records += other.records
        self.agreeing += other.agreeing
        self.manners.update(other.manners)
        self.faults.update(other.faults)
        self.failures += other.failures


def judge(job, setup):
    """The rows of all readers, by name."""
    rows = {}
    xml, errors, code = programs.gwlogs_xml(setup.gwlogs, [job.path])
    ours = programs.events(xml)
    rows["gwlogs"] = _own(job, setup, xml, len(ours), errors, code)
    known_shapes = _Shapes(job.path)
    for reader in setup.readers:
        row = rows[reader.name] = Row()
        reading = reader.read(job.path)
        verdict = compare.compare(reader, ours, reading, known_shapes)
        row.files, row.records, row.agreeing = 1, verdict.records, verdict.agreeing
        row.manners, row.faults = verdict.manners, verdict.faults
        row.failures = verdict.failures + _counted(reading, len(ours), row)
        if reading.stopped and not verdict.faults and not verdict.open:
            row.failures.append("ends with: " + reading.stopped)
        if reader.name == "evtx_dump" and reading.notes:
            row.failures.append("says: " + reading.notes)
        _settle(reader, verdict, row, job, setup)
    if setup.evtxinfo:
        rows["evtxinfo"] = _info(job, ours, setup)
    rows["verify.py"] = _verified(job, ours, setup)
    return rows


def _own(job, setup, xml, count, errors, code):
    """What gwlogs wrote has no damage to it, and is what it reads in the sources: the same XML to the byte."""
    row = Row()
    row.files, row.records, row.agreeing = 1, count, count
    if job.sources:
        if code != 0:
            row.failures.append("reads it with exit code %d: %s" % (code, programs.first_line(errors)))
        if xml != programs.gwlogs_xml(setup.gwlogs, job.sources, job.selection)[0]:
            row.failures.append("reads other events in it than in the sources")
    if row.failures:
        row.agreeing = 0
    return row


def _counted(reading, count, row):
    if reading.refused:
        row.agreeing = 0
        return ["refuses it: " + reading.refused]
    if reading.count is not None and reading.count != count:
        return ["has %d records, gwlogs %d" % (reading.count, count)]
    return []


def _info(job, ours, setup):
    row, reading = Row(), programs.evtxinfo(setup.evtxinfo, job.path)
    row.files, row.records, row.agreeing = 1, len(ours), len(ours)
    row.failures = _counted(reading, len(ours), row)
    if job.sources and reading.notes not in ("", "0"):
        row.failures.append("finds %s records in unused space: it is not empty" % reading.notes)
    if row.failures:
        row.agreeing = 0
    return row


def _verified(job, ours, setup):
    row, reading = Row(), programs.checker(job.path, setup.verify)
    row.files, row.records, row.agreeing = 1, len(ours), len(ours)
    row.failures = _counted(reading, len(ours), row)
    if row.failures:
        row.agreeing = 0
    return row


def _settle(reader, verdict, row, job, setup):
    """What no known fault explains: excused where the reader has the same of the record in the log it was taken from."""
    left = []
    for position, ours, theirs, why in verdict.open:
        if job.sources and setup.originals.same(reader, job.sources, ours, theirs):
            row.faults["original"] += 1
            row.excused.append("record %s (event %s, no. %d): %s" % (ours.record_id, ours.event_id, position + 1, why))
        else:
            left.append("record %s (event %s, no. %d): %s" % (ours.record_id, ours.event_id, position + 1, why))
    row.failures += left


class _Shapes:
    """The shapes of a log's records, decoded when one is asked for."""

    def __init__(self, path):
        self.path, self.found = path, None

    def __call__(self, position):
        if self.found is None:
            self.found = shapes.of(self.path)
        return self.found[position][1] if position < len(self.found) else shapes.Shape()


class Originals:
    """What readers make of the logs that were written from; kept, as many slices come from the same ones."""

    def __init__(self, gwlogs):
        self.gwlogs, self.kept = gwlogs, {}

    def same(self, reader, sources, ours, theirs):
        for source in sources:
            if (reader.name, source) not in self.kept:
                reading = reader.read(source)
                by_key = {}
                for e in reading.events:
                    by_key.setdefault(e.key, []).append(e)
                # A sampled reading that lacks a record says nothing of it.
                self.kept[reader.name, source] = by_key, reading.positions is None
            by_key, complete = self.kept[reader.name, source]
            its = by_key.get(ours.key, [])
            if theirs is not None and any(e.time == theirs.time and e.leaves == theirs.leaves for e in its):
                return True
            if theirs is None and complete and not its and self._has(source, ours):
                return True
        return False

    def _has(self, source, ours):
        """Whether the record is of this log: read by gwlogs, which is asked once."""
        if ("gwlogs", source) not in self.kept:
            xml, _, _ = programs.gwlogs_xml(self.gwlogs, [source])
            self.kept["gwlogs", source] = {(e.key, e.time) for e in programs.events(xml)}
        return (ours.key, ours.time) in self.kept["gwlogs", source]
