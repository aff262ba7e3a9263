"""Rows, the flat JSON lines that the program writes, as Arrow."""

from __future__ import annotations

import functools
import json
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Optional, Union

import pyarrow as pa
import pyarrow.json

from ._program import DONE, DONE_IN_PART, Child, DamageWarning, Source, operands

_NAMED = pa.struct([("name", pa.string()), ("value", pa.string())])
_TYPES = {
    "time": pa.timestamp("us", "UTC"), "integer": pa.int64(), "text": pa.string(), "boolean": pa.bool_(),
    "texts": pa.list_(pa.string()), "pairs": pa.list_(_NAMED),
}
_NOTES, _EXIT_CODE, _TABLE = b"gwlogs.notes", b"gwlogs.exit_code", b"gwlogs.table"


@functools.lru_cache(maxsize=None)
def described() -> dict[str, dict[str, Any]]:
    """The tables of the program by their short names: tables.json, which `go generate` writes from what makes them."""
    text = Path(__file__).with_name("tables.json").read_text("utf-8")
    return {table["name"].split("/")[0].split(".", 1)[1]: table for table in json.loads(text)}


@functools.lru_cache(maxsize=None)
def schema(table: str) -> pa.Schema:
    """What the columns of a table are: names, types, and in the metadata of each what it means."""
    about = described()[table]
    return pa.schema(
        [pa.field(c["name"], _TYPES[c["type"]], metadata={"about": c["about"]}) for c in about["columns"]],
        metadata={_TABLE: about["name"]})


def chosen(full: pa.Schema, columns: Optional[Sequence[str]]) -> pa.Schema:
    """A schema of these columns alone, in their order."""
    if columns is None:
        return full
    if isinstance(columns, str):
        raise TypeError("gwlogs: columns: a list of names, not one name")
    for name in columns:
        if name not in full.names:
            raise ValueError(f"gwlogs: there is no column {name!r}: the columns are {', '.join(full.names)}")
    return pa.schema([full.field(name) for name in columns], metadata=full.metadata)


def parse(block: bytes, wanted: pa.Schema) -> list[pa.RecordBatch]:
    """A block of rows. Columns that are not wanted are passed over."""
    if not wanted.names:  # a count: Arrow would lose the number of rows
        raise ValueError("gwlogs: columns: name one at least")
    table = pa.json.read_json(
        pa.BufferReader(block),
        read_options=pa.json.ReadOptions(use_threads=False, block_size=max(len(block), 1)),
        parse_options=pa.json.ParseOptions(explicit_schema=wanted, unexpected_field_behavior="ignore"))
    batches: list[pa.RecordBatch] = table.to_batches()
    return batches


class Batches:
    """Rows as they are read: an iterator of :class:`pyarrow.RecordBatch`, in bounded memory for any size of log.

    Everything that takes a stream of Arrow takes it as it is (``polars.DataFrame(batches)``, DuckDB, ``pyarrow.table``). It can
    be read once. As a context manager, or by ``close()``, it ends the program that reads before all is read. ``schema`` is
    known from the beginning; ``notes`` and ``exit_code`` at the end: what the program said on standard error, and whether it
    had to leave something out (3).
    """

    def __init__(self, verb: Sequence[str], sources: Union[Source, Sequence[Source]], wanted: pa.Schema,
                 timeout: Optional[float] = None):
        self.schema = wanted
        self.exit_code: Optional[int] = None
        self.notes: list[str] = []
        names, stdin = operands(sources)
        self._iterator = self._read([*verb, *names], stdin, timeout)

    def _read(self, arguments: Sequence[str], stdin: Optional[bytes], timeout: Optional[float]) -> Iterator[pa.RecordBatch]:
        with Child(arguments, stdin, timeout) as child:
            for block in child.blocks():
                yield from parse(block, self.schema)
            self.exit_code = child.finish()
            self.notes = child.notes
        if self.exit_code == DONE_IN_PART:
            warn(self.notes)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return self._iterator

    def __next__(self) -> pa.RecordBatch:
        return next(self._iterator)

    def __enter__(self) -> Batches:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the program that reads, if it still does."""
        self._iterator.close()  # type: ignore[attr-defined]

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return pa.RecordBatchReader.from_batches(self.schema, self).__arrow_c_stream__(requested_schema)

    def table(self) -> pa.Table:
        """All that is left to read, as one table; ``gwlogs.notes`` and ``gwlogs.exit_code`` are in its metadata."""
        whole = pa.Table.from_batches(list(self), self.schema)
        metadata = dict(whole.schema.metadata or {})
        metadata[_NOTES] = json.dumps(self.notes, ensure_ascii=False)
        metadata[_EXIT_CODE] = str(self.exit_code)
        return whole.replace_schema_metadata(metadata)


def warn(lines: Sequence[str]) -> None:
    """A DamageWarning at the line of who called this package."""
    shown = [*lines[:3], f"({len(lines) - 4} more lines)", lines[-1]] if len(lines) > 5 else list(lines)
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] == __name__.split(".")[0]:
        frame, level = frame.f_back, level + 1
    warnings.warn("\n".join(shown), DamageWarning, stacklevel=level)


def notes(table: Union[pa.Table, Batches]) -> list[str]:
    """What the program said on standard error while a table was read: damage, sources that could not be read, remarks."""
    if isinstance(table, Batches):
        return table.notes
    lines: list[str] = json.loads((table.schema.metadata or {}).get(_NOTES, b"[]"))
    return lines


def complete(table: Union[pa.Table, Batches]) -> bool:
    """Whether all that is in the sources is in the table: False where a log is damaged, or one could not be read."""
    code = table.exit_code if isinstance(table, Batches) else (table.schema.metadata or {}).get(_EXIT_CODE)
    return code is not None and int(code) == DONE
