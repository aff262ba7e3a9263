"""The data source of Spark 4 without Spark: options, partitions, filters. interop/fleet tries it on a cluster."""

import datetime
import pickle
import unittest

import pyarrow as pa
from pyspark.sql.datasource import EqualTo, GreaterThan, GreaterThanOrEqual, In, IsNotNull, LessThan, Not
from pyspark.sql.types import LongType, StringType, StructField, StructType

from gwlogs._datasource import GwlogsDataSource, PushingGwlogsDataSource
from gwlogs.fleet import schema

from .support import EVENTS, GARBAGE, LOG, FolderTest


def read(of=GwlogsDataSource, columns=None, filters=(), **options):
    source = of({name: str(value) for name, value in options.items()})
    reader = source.reader(columns or source.schema())
    if of is PushingGwlogsDataSource:
        assert list(reader.pushFilters(list(filters))) == list(filters), "a filter did not come back"
    partitions = pickle.loads(pickle.dumps(reader)).partitions()
    return [list(reader.read(partition)) for partition in partitions]


def rows(parts):
    return [row for part in parts for batch in part for row in batch.to_pylist()]


class DataSourceTest(FolderTest):
    def test_schema(self):
        columns = GwlogsDataSource({}).schema()
        self.assertEqual(columns.names, schema("events").names)
        self.assertTrue(all(field.nullable for field in columns))
        self.assertIn("FILETIME", columns["time_100ns"].metadata["comment"])

    def test_partitions(self):
        for n in range(5):
            (self.folder / f"{n}.evtx").write_bytes(LOG.read_bytes())
        (self.folder / "notes.txt").write_text("no log: a folder may hold other things")
        self.assertEqual([len(part) > 0 for part in read(path=self.folder, filesPerPartition=2)], [True, True, True])
        self.assertEqual(len(read(path=self.folder, bytesPerPartition=1)), 6)
        self.assertEqual(len(rows(read(path=self.folder))), 5 * EVENTS)
        chosen = rows(read(path=f"file://{self.folder}", pathGlobFilter="[12].evtx"))
        self.assertEqual({row["file"] for row in chosen}, {"1.evtx", "2.evtx"})

    def test_a_file_that_vanishes_is_a_row(self):
        (self.folder / "x.evtx").write_bytes(LOG.read_bytes())
        source = GwlogsDataSource({"path": str(self.folder)})
        reader = source.reader(source.schema())
        (partition,) = reader.partitions()
        (self.folder / "x.evtx").unlink()
        (row,) = rows([reader.read(partition)])
        self.assertIn("no such file", row["error"])

    def test_nothing(self):
        self.assertEqual(read(path=self.folder), [])
        reader = GwlogsDataSource({"path": str(self.folder)}).reader(schema=GwlogsDataSource({}).schema())
        from pyspark.sql.datasource import InputPartition
        self.assertEqual(list(reader.read(InputPartition(None))), [])

    def test_options(self):
        self.assertEqual(len(rows(read(path=LOG, SINCE="7d"))), 1439)
        self.assertEqual(len(rows(read(path=LOG, contains="access permissions\n9350"))), 9)
        self.assertEqual(len(rows(read(path=LOG, **{"exclude-id": "1-65535"}))), 0)
        self.assertEqual(len(rows(read(path=LOG, limit=3, reverse="true"))), 3)
        for options, said in (({"idd": 1}, "no 'idd'"), ({"kind": "event"}, "no kind 'event'"), ({"path": "abfss://c@a/x"}, "binaryFile"),
                              ({"filesPerPartition": 0}, "filesPerPartition"), ({"recover": "yes"}, "recover")):
            with self.subTest(options), self.assertRaisesRegex((ValueError, TypeError), said):
                GwlogsDataSource({"path": str(LOG), **options}).schema()
        with self.assertRaisesRegex(ValueError, "no path"):
            read()

    def test_columns_of_the_users_own(self):
        two = StructType([StructField("event_id", LongType()), StructField("file", StringType())])
        self.assertEqual(rows(read(columns=two, path=LOG, limit=1)), [{"event_id": 4, "file": "gateway-en.evtx"}])
        with self.assertRaisesRegex(ValueError, "no column event_id of type string"):
            read(columns=StructType([StructField("event_id", StringType())]), path=LOG)

    def test_all_batches_have_the_schema(self):
        for part in read(path=GARBAGE):
            for batch in part:
                self.assertIsInstance(batch, pa.RecordBatch)
                self.assertTrue(batch.schema.equals(schema("events")))


class FiltersTest(unittest.TestCase):
    """What the program leaves out already, of what Spark will leave out."""

    def pushed(self, *filters, **options):
        return rows(read(PushingGwlogsDataSource, filters=filters, path=LOG, **options))

    def test_taken(self):
        at = datetime.datetime(2017, 4, 27, 18, tzinfo=datetime.timezone.utc)
        for filters, want in (([EqualTo(("event_id",), 401)], 14), ([In(("event_id",), (401, 402))], 19),
                              ([EqualTo(("level",), "error")], 45), ([EqualTo(("channel",), "Data Management Gateway")], EVENTS),
                              ([EqualTo(("computer",), "nobody")], 0), ([GreaterThanOrEqual(("time",), at)], 1439),
                              ([GreaterThan(("time",), at), EqualTo(("level",), "error")], 18)):
            with self.subTest(filters):
                self.assertEqual(len(self.pushed(*filters)), want)

    def test_nothing_that_SQL_wants_is_left_out(self):
        """A time is cut to microseconds: an event 900 ns behind one is still at it."""
        last = datetime.datetime(2017, 5, 4, 18, tzinfo=datetime.timezone.utc)
        everything = self.pushed()
        for filter, holds in (
            (LessThan(("time",), last + datetime.timedelta(microseconds=1)), lambda row: row["time"] <= last),
            (EqualTo(("time",), last), lambda row: row["time"] == last),
            (IsNotNull(("event_id",)), lambda row: True),
            (Not(EqualTo(("event_id",), 4)), lambda row: row["event_id"] != 4),
            (EqualTo(("level",), "information"), lambda row: row["level"] == "information"),
            (EqualTo(("level",), "7"), lambda row: row["level"] == "7"),
            (EqualTo(("provider",), " x"), lambda row: row["provider"] == " x"),
            (EqualTo(("data", "name"), "x"), lambda row: True),
        ):
            with self.subTest(filter):
                self.assertEqual([row for row in self.pushed(filter) if holds(row)], [row for row in everything if holds(row)])

    def test_what_the_user_said_stays(self):
        self.assertEqual(len(self.pushed(EqualTo(("event_id",), 402), id=401)), 14)
        self.assertEqual(len(self.pushed(EqualTo(("event_id",), 401), kind="sources")), 1)


if __name__ == "__main__":
    unittest.main()
