"""The data source of Spark 4. What it does with a file is :func:`gwlogs.fleet.rows`; here are options, partitions and filters."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Optional
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from pyspark.sql import datasource
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from . import _selection, fleet

_OPTIONS = ("kind", "path", "paths", "pathglobfilter", "filesperpartition", "bytesperpartition", "timeout", "program")
_SWITCHES = ("reverse", "merge", "recover", "duplicates", "only")
_NUMBERS = ("limit", "evidence")
_LISTS = ("provider", "exclude_provider", "channel", "computer", "contains", "not_contains", "keyword", "identity", "signatures")
_LEVELS = ("critical", "error", "warning", "information", "verbose")


class _Share(InputPartition):
    """Files that one task reads, one after the other."""

    def __init__(self, files: list[fleet.File]):
        self.files = files


class _Options:
    """What was said with option() and load()."""

    def __init__(self, options: Mapping[str, str]):
        said = {name.lower().replace("-", "_"): value for name, value in options.items()}
        self.kind = said.get("kind", "events")
        self.columns = fleet.schema(self.kind)
        self.paths = [_local(path) for path in (json.loads(said["paths"]) if "paths" in said else [said["path"]] if "path" in said else [])]
        self.glob = said.get("pathglobfilter")
        most_files, most_bytes = (2000, 1 << 40) if self.kind == "carried" else (50, 64 << 20)  # of carried, little is read
        self.files = _whole("filesPerPartition", said.get("filesperpartition", str(most_files)))
        self.bytes = _whole("bytesPerPartition", said.get("bytesperpartition", str(most_bytes)))
        self.timeout = float(said.get("timeout", fleet.TIMEOUT))
        self.program = said.get("program")
        self.selection = {name: _keyword(name, value) for name, value in said.items() if name not in _OPTIONS}
        fleet.check(self.kind, **self.selection)

    def listed(self) -> list[fleet.File]:
        if not self.paths:
            raise ValueError("gwlogs: no path: load() takes a folder, a log or a bundle, or several")
        return fleet.files(self.paths, self.glob)


def _whole(name: str, text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise ValueError(f"gwlogs: option {name}: {text!r} is no number of 1 or more")
    return number


def _keyword(name: str, text: str) -> Any:
    """The value of a keyword that came as text, as all options of Spark do."""
    if name in _SWITCHES:
        if text.lower() not in ("true", "false"):
            raise ValueError(f"gwlogs: option {name}: {text!r} is neither true nor false")
        return text.lower() == "true"
    if name in _NUMBERS:
        return _whole(name, text)
    return text.split("\n") if name in _LISTS else text


def _local(path: str) -> str:
    """A path as the workers' operating system knows it."""
    url = urlsplit(path)
    if url.scheme == "file":
        return unquote(url.path)
    if url.scheme == "dbfs":
        return "/dbfs" + unquote(url.path)
    if len(url.scheme) > 1:  # one letter is a drive of Windows
        raise ValueError(f"gwlogs: {path}: {url.scheme}: is no folder of the workers: mount it, or have Spark read the files: "
                         'gwlogs.spark.from_files(spark.read.format("binaryFile").load(…), kind)')
    return path


class GwlogsDataSource(DataSource):
    """``format("gwlogs")``, see :mod:`gwlogs.spark`."""

    @classmethod
    def name(cls) -> str:
        return "gwlogs"

    def schema(self) -> StructType:
        from .spark import spark_schema

        return spark_schema(_Options(self.options).columns)

    def reader(self, schema: StructType) -> DataSourceReader:
        return _Reader(_Options(self.options), schema)


class PushingGwlogsDataSource(GwlogsDataSource):
    """The same, for sessions that push filters down: Spark fails a reader with pushFilters in all others."""

    def reader(self, schema: StructType) -> DataSourceReader:
        return _PushingReader(_Options(self.options), schema)


class _Reader(DataSourceReader):
    def __init__(self, options: _Options, schema: StructType):
        self.options = options
        self.schema = to_arrow_schema(schema, timezone="UTC")
        for field in self.schema:
            known = options.columns.field(field.name) if field.name in options.columns.names else None
            if known is None or known.type != field.type:
                raise ValueError(f"gwlogs: {options.kind} have no column {field.name} of type {field.type}: they have " +
                                 ", ".join(f"{c.name} ({c.type})" for c in options.columns))
        self.pushed: dict[str, Any] = {}

    def partitions(self) -> Sequence[InputPartition]:
        options = self.options
        return [_Share(share) for share in fleet.shares(options.listed(), options.files, options.bytes)]

    def read(self, partition: InputPartition) -> Iterator[pa.RecordBatch]:
        options = self.options
        if options.program:
            os.environ["GWLOGS"] = options.program
        files = getattr(partition, "files", [])  # where there is no file, Spark makes a partition of its own
        for batch in fleet.rows_of(options.kind, files, columns=self.schema.names, timeout=options.timeout,
                                   **{**self.pushed, **options.selection}):
            yield pa.RecordBatch.from_arrays([c.cast(f.type) for c, f in zip(batch.columns, self.schema)], schema=self.schema)


class _PushingReader(_Reader):
    def pushFilters(self, filters: list[datasource.Filter]) -> Iterable[datasource.Filter]:
        """Takes what the program can decide before an event is rendered.

        All filters go back: what the program takes is a little more than SQL does (capitals do not matter to it), and Spark
        has the last word.
        """
        if self.options.kind == "events":
            for each in filters:
                pushed = _flag(each)
                if pushed and pushed[0] not in self.options.selection and pushed[0] not in self.pushed:
                    self.pushed[pushed[0]] = pushed[1]
        return filters


def _flag(of: datasource.Filter) -> Optional[tuple[str, Any]]:
    """The keyword that takes every event which the filter does, and its value."""
    column = getattr(of, "attribute", ("",))
    if len(column) != 1:
        return None
    name = column[0]
    if name == "time":
        return _moment(of)
    if isinstance(of, datasource.EqualTo):
        values = [of.value]
    elif isinstance(of, datasource.In):
        values = list(of.value)
    else:
        return None
    if name == "event_id":
        return ("id", values) if values and all(isinstance(v, int) and 0 <= v <= 65535 for v in values) else None
    if name == "level":
        return ("level", values) if values and all(v in _LEVELS for v in values) else None
    if name in ("provider", "channel", "computer"):
        return (name, values) if values and all(isinstance(v, str) and v and v == v.strip() and "," not in v for v in values) else None
    return None


def _moment(of: datasource.Filter) -> Optional[tuple[str, Any]]:
    at = getattr(of, "value", None)
    if not isinstance(at, datetime.datetime):
        return None
    if isinstance(of, (datasource.GreaterThan, datasource.GreaterThanOrEqual)):
        return "since", at
    if isinstance(of, (datasource.LessThan, datasource.LessThanOrEqual)):
        return "until", at + datetime.timedelta(microseconds=1)  # what an event has beyond its microseconds
    return None
