"""One reader's events against gwlogs's: which agree, which differ by a known fault, and which differ."""

from collections import Counter, defaultdict, deque

from . import texts


class Verdict:
    """Of one reader and one log."""

    def __init__(self):
        self.records = 0          # that gwlogs has and this reader was asked for
        self.agreeing = 0
        self.manners = Counter()  # kind -> records that agree but for the reader's way of writing
        self.faults = Counter()   # kind -> records
        self.failures = []        # lines to print
        self.open = []            # (position, event of gwlogs, event of the reader or None, why): for the original to decide


def compare(reader, ours, reading, shapes):
    """Matches the events in order. shapes answers the Shape at a position, or None."""
    verdict = Verdict()
    wanted = range(len(ours)) if reading.positions is None else [p for p in reading.positions if p < len(ours)]
    verdict.records = len(wanted)
    theirs = _matched(ours, wanted, reading.events)
    if theirs.extra:
        e = theirs.extra[0]
        verdict.failures.append("%d records that gwlogs has not, the first is record %s, event %s"
                                % (len(theirs.extra), e.record_id, e.event_id))
    behind = None
    for position in wanted:
        mine, its = ours[position], theirs.at.get(position)
        if its is None:
            fault = behind or reader.unread(shapes(position), mine)
            if fault:
                verdict.faults[fault] += 1
            else:
                verdict.open.append((position, mine, None, "not read" + (": " + reading.stopped if reading.stopped else "")))
            if reading.stopped and reader.gives_up:
                behind = "behind"
            continue
        faults, why = _one(reader, mine, its, lambda: shapes(position))
        if why:
            verdict.open.append((position, mine, its, why))
        elif faults - reader.manners.keys():
            verdict.faults.update(faults - reader.manners.keys())
        else:
            verdict.agreeing += 1
            verdict.manners.update(faults)
    return verdict


class _Matches:
    def __init__(self):
        self.at, self.extra = {}, []


def _matched(ours, wanted, events):
    """Events by the position in ours that they belong to: the next with the same key, as no reader changes the order."""
    found, places = _Matches(), defaultdict(deque)
    for position in wanted:
        places[ours[position].key].append(position)
    for event in events:
        if places[event.key]:
            found.at[places[event.key].popleft()] = event
        else:
            found.extra.append(event)
    return found


def _one(reader, ours, theirs, shape):
    """The known faults of one event, and what else is wrong with it ("" for nothing)."""
    if not texts.near(ours.time, theirs.time, reader.precision) and ours.time != theirs.time:
        return set(), "time %s, gwlogs has %s" % (theirs.time, ours.time)
    return equal_leaves(reader, ours.leaves, theirs.leaves, shape)


def equal_leaves(reader, ours, theirs, shape):
    if ours == theirs:
        return set(), ""
    return (_ordered if reader.ordered else _by_name)(reader, ours, theirs, shape)


def _ordered(reader, ours, theirs, shape):
    faults, i, j = set(), 0, 0
    while i < len(ours) or j < len(theirs):
        a, b = (ours[i] if i < len(ours) else None), (theirs[j] if j < len(theirs) else None)
        if a and b and a[0] == b[0] and texts.same(a[1], b[1], reader.precision):
            i, j = i + 1, j + 1
        elif b and not b[1].strip() and "null" in reader.manners:
            faults.add("null")
            j += 1
        else:
            kind = a and reader.text_fault(a, b, shape)
            if not kind:
                return faults, "%s, gwlogs has %s" % (_short(b), _short(a))
            faults.add(kind)
            i, j = i + 1, j + (1 if b and b[0] == a[0] and kind != "empty" else 0)
    return faults, ""


def _by_name(reader, ours, theirs, shape):
    """For readers that keep no order over names: under each name, the texts in order."""
    mine, its = _grouped(ours), _grouped(theirs)
    faults = set()
    for name in mine.keys() | its.keys():
        a, b = mine.get(name, []), its.get(name, [])
        if len(a) == len(b) and all(texts.same(x, y, reader.precision) for x, y in zip(a, b)):
            continue
        if "repeated" in reader.faults and len(b) < len(a) and set(b) <= set(a) and name != "Data":
            faults.add("repeated")
            continue
        for x, y in _pairs(reader, a, b):
            if x is None and not y.strip() and "null" in reader.manners:
                faults.add("null")
                continue
            kind = reader.text_fault(x if x is None else (name, x), y if y is None else (name, y), shape)
            if not kind:
                return faults, "%s, gwlogs has %s" % (_short(y if y is None else (name, y)), _short(x if x is None else (name, x)))
            faults.add(kind)
    return faults, ""


def _pairs(reader, ours, theirs):
    """Where two lists differ; None stands for the side that lacks a text, which only an empty one can do in the middle."""
    i = j = 0
    while i < len(ours) or j < len(theirs):
        x, y = (ours[i] if i < len(ours) else None), (theirs[j] if j < len(theirs) else None)
        if x is not None and y is not None and texts.same(x, y, reader.precision):
            i, j = i + 1, j + 1
        elif x == "" and len(theirs) - j < len(ours) - i:
            yield x, None
            i += 1
        elif y == "" and len(theirs) - j > len(ours) - i:
            yield None, y
            j += 1
        else:
            yield x, y
            i, j = i + (x is not None), j + (y is not None)


def _grouped(leaves):
    found = defaultdict(list)
    for name, text in leaves:
        found[name].append(text)
    return found


def _short(leaf):
    if not leaf:
        return "nothing"
    text = "%s %r" % leaf
    return text if len(text) <= 160 else text[:160] + "…"
