"""The findings that bundles carry: many bundles in one run, as a run would otherwise cost more than what it reads."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Optional

import pyarrow as pa

from . import _tables
from ._program import DONE, Child, Error

_AT_ONCE, _CHARACTERS = 100, 20_000  # bundles of a run, and characters of their paths: Windows takes 32,767
_MANIFEST = 1 << 20  # bytes that a manifest may have


def runs(paths: Sequence[str]) -> Iterator[slice]:
    """Which of the paths fit into one run."""
    start = length = 0
    for n, path in enumerate(paths):
        if n > start and (n - start == _AT_ONCE or length + len(path) > _CHARACTERS):
            yield slice(start, n)
            start, length = n, 0
        length += len(path)
    if start < len(paths):
        yield slice(start, len(paths))


def together(arguments: list[str], paths: Sequence[str], names: Sequence[str], timeout: Optional[float],
             wanted: pa.Schema) -> Optional[list[tuple[list[str], pa.RecordBatch]]]:
    """What bundles carry: batches of rows, and the name of the file that each row is of.

    None if that cannot be said: one of the bundles cannot be read, or two have the same report ID. Then they have to be read
    one by one.
    """
    ids = [_report_id(path) for path in paths]
    if None in ids or len(set(ids)) < len(ids):
        return None
    of = dict(zip(ids, names))
    if "bundle" not in wanted.names:
        wanted = pa.schema([*wanted, _tables.schema("findings").field("bundle")])
    found = []
    try:
        with Child([*arguments, "--", *paths], timeout=timeout) as child:
            for block in child.blocks():
                for batch in _tables.parse(block, wanted):
                    found.append(([of[report] for report in batch.column("bundle").to_pylist()], batch))
            return found if child.finish() == DONE else None
    except (Error, KeyError):
        return None


def _report_id(path: str) -> Optional[str]:
    try:
        with zipfile.ZipFile(path) as bundle, bundle.open("manifest.json") as manifest:
            said: Any = json.loads(manifest.read(_MANIFEST))
            return str(said["report_id"])
    except Exception:  # whatever is wrong with it, the program says it better
        return None
