"""Events as tables: columns, selection, streams, damage."""

import datetime
import json
import os
import subprocess
import threading
import unittest
import warnings

import pyarrow as pa

import gwlogs

from .support import EVENTS, FRENCH, GARBAGE, LOG, FolderTest

UTC = datetime.timezone.utc


class EventsTest(unittest.TestCase):
    def test_columns_and_types(self):
        table = gwlogs.events(LOG)
        self.assertEqual(table.num_rows, EVENTS)
        self.assertEqual(table.schema, gwlogs.schema("events"))
        self.assertEqual(table.schema.field("time").type, pa.timestamp("us", "UTC"))
        self.assertIn(b"FILETIME", table.schema.field("time_100ns").metadata[b"about"])
        row = table.slice(table.num_rows - 1).to_pylist()[0]
        self.assertEqual(row["time"], datetime.datetime(2017, 5, 4, 18, tzinfo=UTC))
        self.assertEqual(row["time_100ns"], 131383944000000000)
        self.assertEqual((row["level"], row["channel"], row["source"]), ("information", "Data Management Gateway", "gateway-en.evtx"))
        self.assertEqual(row["data"][0]["name"], None)
        self.assertFalse(row["recovered"])

    def test_what_arrow_reads_is_what_the_program_writes(self):
        lines = subprocess.run([os.environ["GWLOGS"], "events", "--format", "rows", str(LOG)], check=True, stdout=subprocess.PIPE).stdout
        want = [json.loads(line) for line in lines.splitlines()]
        have = gwlogs.events(LOG).to_pylist()
        for row in have:
            row["time"] = row["time"].strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.assertEqual(have, want)

    def test_chosen_columns(self):
        table = gwlogs.events(LOG, columns=["record_id", "time"], id=401)
        self.assertEqual(table.column_names, ["record_id", "time"])
        self.assertEqual(table.num_rows, 14)
        with self.assertRaisesRegex(ValueError, "no column 'tme': the columns are time, "):
            gwlogs.events(LOG, columns=["tme"])

    def test_no_event_is_an_empty_table(self):
        table = gwlogs.events(LOG, id=65535)
        self.assertEqual((table.num_rows, table.schema), (0, gwlogs.schema("events")))

    def test_selection(self):
        count = lambda **selection: gwlogs.events(LOG, columns=["record_id"], **selection).num_rows
        week = datetime.datetime(2017, 4, 27, 18, tzinfo=UTC)
        self.assertEqual(count(since="7d"), 1439)
        self.assertEqual(count(since=datetime.timedelta(days=7)), 1439)
        self.assertEqual(count(since=week), 1439)
        self.assertEqual(count(since=week.replace(tzinfo=None)), 1439)
        self.assertEqual(count(since=week.astimezone(datetime.timezone(datetime.timedelta(hours=9)))), 1439)
        self.assertEqual(count(until=datetime.date(2017, 4, 27)) + count(since=datetime.date(2017, 4, 28)), EVENTS)
        self.assertEqual(count(id=[401, range(25, 27)]), count(id="401,25-26"))
        self.assertEqual(count(id=401) + count(exclude_id=401), EVENTS)
        self.assertEqual(count(level=[1, "error"]), gwlogs.errors(LOG).num_rows)
        self.assertEqual(count(contains=["access permissions", "9350"], id=None), 9)
        self.assertEqual(count(limit=3, reverse=True), 3)
        self.assertEqual(count(where="EventID = 401"), 14)
        self.assertEqual(count(provider=["data*", "nobody"]), EVENTS)

    def test_wrong_keywords(self):
        with self.assertRaisesRegex(TypeError, "no 'ids': the keywords are .*id"):
            gwlogs.events(LOG, ids=25)
        for wrong in ({"id": 2.5}, {"since": 7}, {"reverse": "yes"}, {"limit": True}, {"provider": 1}, {"level": []},
                      {"id": range(0, 10, 2)}, {"since": datetime.timedelta(-1)}):
            with self.subTest(wrong), self.assertRaisesRegex((TypeError, ValueError), "^gwlogs: %s: " % next(iter(wrong))):
                gwlogs.events(LOG, **wrong)
        with self.assertRaises(gwlogs.Error) as failed:
            gwlogs.events(LOG, level="loud")
        self.assertEqual(failed.exception.exit_code, 2)
        self.assertIn("loud", str(failed.exception))

    def test_values_are_no_flags(self):
        with self.assertRaisesRegex(gwlogs.Error, "no such file"):
            gwlogs.events("--format=json")
        self.assertEqual(gwlogs.events(LOG, contains="--format=json").num_rows, 0)

    def test_sources(self):
        content = LOG.read_bytes()
        self.assertEqual(gwlogs.events(content).drop(["source"]), gwlogs.events(str(LOG)).drop(["source"]))
        both = gwlogs.events([LOG, FRENCH], columns=["source"])
        self.assertEqual(set(both["source"].to_pylist()), {"gateway-en.evtx", "gateway-fr.evtx"})
        self.assertEqual(gwlogs.events([LOG, LOG], duplicates=True).num_rows, 2 * EVENTS)
        twice = gwlogs.events([LOG, content])
        self.assertEqual(twice.num_rows, EVENTS)
        self.assertRegex("\n".join(gwlogs.notes(twice)), "more than one of the logs")
        with self.assertRaises(ValueError):
            gwlogs.events([])
        with self.assertRaises(TypeError):
            gwlogs.events([content, content])


class DamageTest(unittest.TestCase):
    def test_damage_is_reported(self):
        with self.assertWarnsRegex(gwlogs.DamageWarning, "2 damaged places") as caught:
            table = gwlogs.events(GARBAGE)
        self.assertEqual(os.path.basename(caught.filename), "test_events.py")
        self.assertGreater(table.num_rows, 0)
        self.assertFalse(gwlogs.complete(table))
        self.assertRegex(gwlogs.notes(table)[-1], "2 damaged places")

    def test_one_of_several_is_missing(self):
        with self.assertWarnsRegex(gwlogs.DamageWarning, "nowhere.evtx"):
            table = gwlogs.events([LOG, "nowhere.evtx"])
        self.assertEqual(table.num_rows, EVENTS)
        self.assertFalse(gwlogs.complete(table))

    def test_nothing_useful(self):
        with self.assertRaises(gwlogs.Error) as failed:
            gwlogs.events("nowhere.evtx")
        self.assertEqual(failed.exception.exit_code, 1)
        self.assertEqual(failed.exception.lines[0], "gwlogs: nowhere.evtx: no such file or folder")
        self.assertRegex(str(failed.exception), "\nhint: ")
        with self.assertRaises(gwlogs.Error):
            gwlogs.events(b"no log at all")

    def test_whole_logs_warn_of_nothing(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.assertTrue(gwlogs.complete(gwlogs.events(LOG)))


class BatchesTest(FolderTest):
    def test_batches_are_the_table(self):
        with gwlogs.event_batches(LOG) as batches:
            self.assertEqual(batches.schema, gwlogs.schema("events"))
            self.assertFalse(gwlogs.complete(batches))
            read = list(batches)
        self.assertGreater(len(read), 1)
        self.assertTrue(gwlogs.complete(batches))
        self.assertEqual(pa.Table.from_batches(read), gwlogs.events(LOG))

    def test_closing_ends_the_program(self):
        before = threading.active_count()
        self.instead_of_gwlogs(f"""
            import os, time
            open({str(self.folder / "pid")!r}, "w").write(str(os.getpid()))
            os.write(1, {'{"record_id":1}'!r}.encode() + b"\\n" + b" " * (1 << 21) + b"\\n")
            time.sleep(60)
        """)
        with gwlogs.event_batches(LOG) as batches:
            self.assertEqual(next(batches)["record_id"].to_pylist(), [1])
        with self.assertRaises(ProcessLookupError):
            os.kill(int((self.folder / "pid").read_text()), 0)
        self.assertEqual(threading.active_count(), before)

    def test_other_libraries_take_a_stream(self):
        import duckdb
        import polars

        self.assertEqual(polars.DataFrame(gwlogs.event_batches(LOG)).shape, (EVENTS, len(gwlogs.schema("events"))))
        batches = gwlogs.event_batches(LOG)
        self.assertEqual(duckdb.sql("select count(*) from batches where level = 'error'").fetchall(), [(45,)])
        self.assertEqual(len(gwlogs.events(LOG).to_pandas()), EVENTS)

    def test_an_error_on_the_way_is_raised(self):
        self.instead_of_gwlogs("""
            import sys
            print('{"record_id":1}', flush=True)
            sys.exit("gwlogs: the disk is gone")
        """)
        batches = gwlogs.event_batches(LOG)
        self.assertEqual(next(batches).num_rows, 1)
        with self.assertRaisesRegex(gwlogs.Error, "the disk is gone"):
            next(batches)

    def test_time_is_bounded(self):
        self.instead_of_gwlogs("import time; time.sleep(60)")
        with self.assertRaisesRegex(gwlogs.Error, r"no end after 0\.2 seconds"):
            gwlogs.events(LOG, timeout=0.2)

    def test_notes_are_bounded(self):
        self.instead_of_gwlogs(r"""
            import sys
            sys.stderr.write("gwlogs: damage\n" * 20000)
            sys.exit(3)
        """)
        with self.assertWarns(gwlogs.DamageWarning):
            table = gwlogs.events(LOG)
        self.assertEqual(len(gwlogs.notes(table)), 1001)
        self.assertEqual(gwlogs.notes(table)[-1], "gwlogs: 19000 more lines like these")

    def test_a_program_that_is_not_there(self):
        self.instead_of_gwlogs("")
        os.environ["GWLOGS"] = str(self.folder / "nothing")
        with self.assertRaises(gwlogs.Error) as failed:
            gwlogs.events(LOG)
        self.assertIsNone(failed.exception.exit_code)


if __name__ == "__main__":
    unittest.main()
