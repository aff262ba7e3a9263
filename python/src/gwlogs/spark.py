"""Spark: bundles and logs as DataFrames, read by as many machines as there are.

On Spark 4 (Databricks, Fabric, a cluster of one's own), with this package installed on driver and workers::

    import gwlogs.spark

    gwlogs.spark.register(spark)
    df = spark.read.format("gwlogs").option("kind", "findings").load("/mnt/bundles")

``kind`` is ``events`` (default), ``findings``, ``carried`` (the findings that bundles have brought along: no log is read) or
``sources`` (the logs themselves); :func:`gwlogs.fleet.schema` tells the columns. The path is one that driver and workers know
alike: a mounted folder, a volume. Where there is none (``abfss://``), and on Spark 3.3 and later,
Spark itself reads the files, and this package what is in them::

    files = spark.read.format("binaryFile").option("pathGlobFilter", "*.zip").load("abfss://…")
    df = gwlogs.spark.from_files(files, "findings")

=======================  ===================================================================================================
option
=======================  ===================================================================================================
``pathGlobFilter``       reads only the files of a folder whose names it matches: ``*.zip``
``filesPerPartition``    most files that one task reads (50; carried 2,000)
``bytesPerPartition``    most bytes that one task reads, unless a file has more (64 MiB)
``timeout``              most seconds that one file may take (900)
``program``              path of the program gwlogs on the workers, if it is not that of the package
=======================  ===================================================================================================

and the keywords of :func:`gwlogs.events`, and for findings and sources those of :func:`gwlogs.diagnose`, as text:
``.option("since", "7d").option("exclude_id", "1,4")``; lists of names with line ends between them.

A file that cannot be read, or only in part, is a row with ``error``: no file ends the job. A task that is tried again, or on
another machine, gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from . import fleet

try:
    from ._datasource import GwlogsDataSource, PushingGwlogsDataSource
except ImportError:  # Spark 3, which has no data sources in Python
    GwlogsDataSource = PushingGwlogsDataSource = None  # type: ignore[assignment, misc]

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["GwlogsDataSource", "from_files", "register"]

_PUSHDOWN = "spark.sql.python.filterPushdown.enabled"


def register(spark: SparkSession) -> None:
    """Makes ``format("gwlogs")`` known to a session of Spark 4.

    From Spark 4.1 on, conditions of a query on time, level, event_id, provider, channel and computer are also given to the program,
    which then leaves out other events without rendering them; for that it turns on spark.sql.python.filterPushdown.enabled.
    ``spark.dataSource.register(gwlogs.spark.GwlogsDataSource)`` does without.
    """
    if GwlogsDataSource is None:
        raise RuntimeError('gwlogs: format("gwlogs") needs Spark 4: on Spark 3, read the files with binaryFile and use '
                           "gwlogs.spark.from_files")
    try:
        pushes = spark.conf.get(_PUSHDOWN, None) is not None  # Spark 4.0 knows no such setting
        if pushes:
            spark.conf.set(_PUSHDOWN, "true")
    except Exception:  # a cluster that lets nobody change it
        pushes = False
    spark.dataSource.register(PushingGwlogsDataSource if pushes else GwlogsDataSource)


def from_files(files: DataFrame, kind: str = "events", **options: Any) -> DataFrame:
    """The rows of files that Spark has read: a DataFrame with the columns ``path`` and ``content``, as ``binaryFile`` gives them.

    It takes any storage that Spark reads, and Spark 3.3 and later; a file has to fit into the memory of a task (and into 2 GB).
    ``file`` is the path as Spark says it. ``options`` are those of :func:`gwlogs.fleet.rows`.
    """
    schema = fleet.schema(kind)
    fleet.check(kind, **{name: value for name, value in options.items() if name != "timeout"})

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for row in range(batch.num_rows):
                path, content = batch.column("path")[row].as_py(), batch.column("content")[row].as_py()
                yield from fleet.rows(kind, content, path, **options)

    return files.select("path", "content").mapInArrow(read, spark_schema(schema))


def spark_schema(schema: pa.Schema) -> StructType:
    """The columns for Spark, with what they mean as comments."""
    struct = from_arrow_schema(schema)
    for field in struct:
        field.metadata = {"comment": schema.field(field.name).metadata[b"about"].decode()}
    return struct
