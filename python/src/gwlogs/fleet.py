"""Many files, one by one, for engines that spread them over machines: Spark (:mod:`gwlogs.spark`), Dask, a pool of processes.

:func:`files` lists what a folder holds, :func:`shares` packs it, :func:`rows` reads one file. A file that cannot be read ends
nothing: it is a row whose ``error`` says why. What comes out of a file depends on the file alone, not on the path that a
machine knows it by, nor on the machine: read again after a machine was lost, it is the same to the byte.

Each file is read for itself. An event that is in two files is in both results: ``SELECT DISTINCT`` over computer, channel,
record_id and time_100ns leaves one.
"""

from __future__ import annotations

import fnmatch
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Any, Callable, NamedTuple, Optional, Union

import pyarrow as pa

from . import _carried, _selection, _tables
from ._program import DONE, Child, Error, run

#: Seconds that one file may take.
TIMEOUT = 900.0

_MOST_LINES = 100  # of an error
_ABOUT_FILE = pa.schema([
    pa.field("file", pa.string(), metadata={"about": "path of the file below what was loaded, with slashes"}),
    pa.field("exit_code", pa.int64(), metadata={"about": "of a row with an error: 1 failed, 2 wrong use, 3 done in part "
             "(the other rows of the file are what could be read), negative for a signal; null if it did not start or end"}),
    pa.field("error", pa.string(), metadata={"about": "why the file could not be read, or not all of it: such a row has no other "
             "values than file, exit_code and error; null in all other rows"}),
])
_SOURCES = pa.schema([
    pa.field("source", pa.string(), metadata={"about": "the log: its path in the bundle, or its name"}),
    pa.field("channel", pa.string(), metadata={"about": "name of the channel that the log is of"}),
    pa.field("records", pa.int64(), metadata={"about": "events in the log"}),
    pa.field("selected", pa.int64(), metadata={"about": "events that were chosen"}),
    pa.field("damaged", pa.int64(), metadata={"about": "damaged places"}),
    pa.field("missing_records", pa.int64(), metadata={"about": "record numbers that are missing between the first and the last"}),
    pa.field("first", pa.timestamp("us", "UTC"), metadata={"about": "time of the first event that was chosen"}),
    pa.field("last", pa.timestamp("us", "UTC"), metadata={"about": "time of the last"}),
])


class File(NamedTuple):
    """A file to read: where it is, what results call it, and its size in bytes."""

    path: str
    name: str
    size: int
    named: bool = True  # by the user: one that a folder holds is passed over if it is neither log nor bundle


def files(paths: Union[str, "os.PathLike[str]", Iterable[Union[str, "os.PathLike[str]"]]], glob: Optional[str] = None) -> list[File]:
    """The files of paths: those that are named, and all below folders, in the order of their names.

    ``glob`` keeps those whose own names it matches: ``"*.zip"``. Nothing is opened.
    """
    found = []
    for path in [paths] if isinstance(paths, (str, os.PathLike)) else paths:
        path = os.fspath(path)
        if not os.path.isdir(path):
            found.append(File(path, os.path.basename(path), os.stat(path).st_size))
            continue
        for folder, _, names in os.walk(path):
            for name in names:
                full = os.path.join(folder, name)
                if (glob is None or fnmatch.fnmatch(name, glob)) and os.path.isfile(full):
                    found.append(File(full, PurePath(os.path.relpath(full, path)).as_posix(), os.stat(full).st_size, named=False))
    return sorted(found, key=lambda f: (f.name, f.path))


def shares(listed: Sequence[File], most_files: int, most_bytes: int) -> list[list[File]]:
    """The files in shares of at most so many files and bytes (a larger file has its own), in their order."""
    packed: list[list[File]] = []
    size = 0
    for file in listed:
        if not packed or len(packed[-1]) >= most_files or size + file.size > most_bytes:
            packed.append([])
            size = 0
        packed[-1].append(file)
        size += file.size
    return packed


def schema(kind: str) -> pa.Schema:
    """The columns of a kind of rows: those of the table, and ``file``, ``exit_code`` and ``error``."""
    table = _kind(kind).schema()
    return pa.schema([*table, *_ABOUT_FILE], metadata=table.metadata)


def check(kind: str, **options: Any) -> None:
    """Raises what is wrong with options for :func:`rows`."""
    _selection.flags(options, _kind(kind).keywords)


def rows(kind: str, source: Union[str, "os.PathLike[str]", bytes], name: Optional[str] = None, *,
         columns: Optional[Sequence[str]] = None, timeout: Optional[float] = TIMEOUT, threads: int = 1,
         **options: Any) -> Iterator[pa.RecordBatch]:
    """The rows of one file, as it is read. Failures are rows, damage is one more.

    ``kind`` is ``"events"``, ``"findings"``, ``"carried"`` (the findings that a bundle has brought along: no log is read), or
    ``"sources"`` (the logs themselves); ``source`` a path, or the bytes of a file (which are
    written to a temporary one); ``name`` what ``file`` says of it. One processor core is used, as others are for other files;
    ``timeout`` is in seconds. ``options`` are the keywords of :func:`gwlogs.events`, and of :func:`gwlogs.diagnose` for
    findings and sources. Wrong ones are raised before anything is read.
    """
    reader = _kind(kind)
    wanted = _tables.chosen(schema(kind), columns)
    arguments = [*reader.verb, *_selection.flags({**options, "threads": threads}, reader.keywords)]
    if isinstance(source, bytes):
        return _of_bytes(reader, arguments, source, name or "file", wanted, timeout)
    return _of_file(reader, arguments, os.fspath(source), name or os.path.basename(source), wanted, timeout)


def rows_of(kind: str, share: Sequence[File], *, columns: Optional[Sequence[str]] = None, timeout: Optional[float] = TIMEOUT,
            **options: Any) -> Iterator[pa.RecordBatch]:
    """The rows of the files of a share, one file after the other, as :func:`rows` gives them.

    What a folder holds and is neither log nor bundle is passed over. Of ``"carried"``, up to 100 bundles are read in one run of
    the program; the rows are the same.
    """
    share = [file for file in share if file.named or is_log(file.path)]
    if kind != "carried":
        for file in share:
            yield from rows(kind, file.path, file.name, columns=columns, timeout=timeout, **options)
        return
    wanted = _tables.chosen(schema(kind), columns)
    arguments = [*_kind(kind).verb, *_selection.flags({**options, "threads": 1}, _kind(kind).keywords)]
    for run_of in _carried.runs([file.path for file in share]):
        files = share[run_of]
        found = _carried.together(arguments, [os.path.abspath(f.path) for f in files], [f.name for f in files], timeout,
                                  pa.schema([f for f in wanted if f.name not in _ABOUT_FILE.names]))
        if found is not None:
            for names, batch in found:
                yield _with(batch, {}, wanted, batch.num_rows, pa.array(names, pa.string()))
        else:
            for file in files:
                yield from rows(kind, file.path, file.name, columns=columns, timeout=timeout, **options)


def _of_bytes(reader: _Kind, arguments: list[str], content: bytes, name: str, wanted: pa.Schema,
              timeout: Optional[float]) -> Iterator[pa.RecordBatch]:
    with tempfile.TemporaryDirectory(prefix="gwlogs-") as folder:
        path = os.path.join(folder, PurePath(name).name)
        with open(path, "wb") as f:
            f.write(content)
        yield from _of_file(reader, arguments, path, name, wanted, timeout)


def _of_file(reader: _Kind, arguments: list[str], path: str, name: str, wanted: pa.Schema,
             timeout: Optional[float]) -> Iterator[pa.RecordBatch]:
    inner = pa.schema([f for f in wanted if f.name not in _ABOUT_FILE.names])
    if not inner.names:  # something has to be counted
        inner = pa.schema([reader.schema().field(0)])
    outcome: dict[str, Any] = {"file": name}
    # From the file's own folder, so that what is said of it does not name that.
    typed = os.path.basename(path)
    arguments = [*arguments, "--", os.path.join(os.curdir, typed) if typed == "-" or ":" in typed else typed]
    try:
        folder = os.path.dirname(os.path.abspath(path))
        for item in reader.read(arguments, folder, timeout, inner):
            if isinstance(item, pa.RecordBatch):
                yield _with(item, {"file": name}, wanted, item.num_rows)
            else:
                outcome["exit_code"], lines = item
                outcome["error"] = _text(lines) if outcome["exit_code"] != DONE else None
    except Error as why:
        outcome["exit_code"], outcome["error"] = why.exit_code, _text(why.lines) or str(why)
    if outcome.get("error"):
        yield _with(None, outcome, wanted, 1)


def _text(lines: Sequence[str]) -> str:
    left = len(lines) - _MOST_LINES
    return "\n".join([*lines[:_MOST_LINES], *([f"({left} more lines)"] if left > 0 else [])])


def _with(batch: Optional[pa.RecordBatch], values: dict[str, Any], wanted: pa.Schema, count: int,
          files: Optional[pa.Array] = None) -> pa.RecordBatch:
    """A batch of the wanted columns: its own, and one value each for others; null for what is neither."""
    return pa.RecordBatch.from_arrays([
        batch.column(field.name) if batch is not None and field.name in batch.schema.names
        else files if files is not None and field.name == "file"
        else pa.array([values.get(field.name)] * count, field.type)
        for field in wanted], schema=wanted)


class _Kind(NamedTuple):
    """How one kind of rows is had of a file: batches, and last the exit code with the lines of standard error."""

    verb: list[str]
    keywords: dict[str, Callable[[str, Any], list[str]]]
    schema: Callable[[], pa.Schema]
    read: Callable[[list[str], str, Optional[float], pa.Schema], Iterator[Union[pa.RecordBatch, tuple[int, list[str]]]]]


def _lines(arguments: list[str], folder: str, timeout: Optional[float],
           wanted: pa.Schema) -> Iterator[Union[pa.RecordBatch, tuple[int, list[str]]]]:
    with Child(arguments, timeout=timeout, folder=folder) as child:
        for block in child.blocks():
            yield from _tables.parse(block, wanted)
        yield child.finish(), child.notes


def _sources(arguments: list[str], folder: str, timeout: Optional[float],
             wanted: pa.Schema) -> Iterator[Union[pa.RecordBatch, tuple[int, list[str]]]]:
    out, code, lines = run(arguments, timeout=timeout, folder=folder)
    logs = [{**log, "source": log["name"], "first": _micros(log["first"]), "last": _micros(log["last"])}
            for log in json.loads(out)["sources"]]
    text = b"".join(json.dumps({name: log[name] for name in wanted.names}).encode() + b"\n" for log in logs)
    if text:
        yield from _tables.parse(text, wanted)
    yield code, lines


def _micros(time: Optional[str]) -> Optional[str]:
    """A time without the digit for 100 nanoseconds."""
    return time[:26] + "Z" if time else None


_KINDS = {
    "events": _Kind(["events", "--format=rows"], _selection.SELECTION, lambda: _tables.schema("events"), _lines),
    "findings": _Kind(["diagnose", "--format=rows"], _selection.DIAGNOSIS, lambda: _tables.schema("findings"), _lines),
    "carried": _Kind(["diagnose", "--findings-of-bundles", "--format=rows"], _selection.DIAGNOSIS,
                     lambda: _tables.schema("findings"), _lines),
    "sources": _Kind(["diagnose", "--format=json"], _selection.DIAGNOSIS, lambda: _SOURCES, _sources),
}


def _kind(name: str) -> _Kind:
    if name not in _KINDS:
        raise ValueError(f"gwlogs: there is no kind {name!r}: the kinds are {', '.join(_KINDS)}")
    return _KINDS[name]


def is_log(path: str) -> bool:
    """Whether a file can be a log or bundle, by its first bytes."""
    beginnings = (b"ElfFile\0", b"PK\3\4", b"PK\5\6", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"age-encryption.org/")
    try:
        with open(path, "rb") as f:
            return f.read(max(map(len, beginnings))).startswith(beginnings)
    except OSError:
        return True  # the program says what is wrong with it
