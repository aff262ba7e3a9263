"""Many files, one by one: failures are rows, and nothing depends on where files lie."""

import shutil
import unittest

import pyarrow as pa

import gwlogs
from gwlogs import _carried, fleet

from .support import EVENTS, GARBAGE, LOG, FolderTest, bundle


def table(kind, *arguments, **keywords):
    columns = keywords.get("columns")
    full = fleet.schema(kind)
    return pa.Table.from_batches(list(fleet.rows(kind, *arguments, **keywords)),
                                 pa.schema([full.field(c) for c in columns]) if columns else full)


class RowsTest(FolderTest):
    def test_events_of_a_file(self):
        got = table("events", LOG, "2026/gateway-en.evtx")
        self.assertEqual(got.drop(["file", "exit_code", "error"]), gwlogs.events(LOG))
        self.assertEqual(set(got["file"].to_pylist()), {"2026/gateway-en.evtx"})
        self.assertEqual(got["error"].null_count, EVENTS)

    def test_columns(self):
        two = table("events", LOG, columns=["file", "event_id"], id=401)
        self.assertEqual(two.to_pylist(), [{"file": "gateway-en.evtx", "event_id": 401}] * 14)
        self.assertEqual(table("events", LOG, columns=["file"]).num_rows, EVENTS)
        with self.assertRaises(ValueError):
            fleet.rows("events", LOG, columns=["nothing"])

    def test_a_failure_is_a_row(self):
        (self.folder / "text.evtx").write_text("no log")
        for name, code, said in (("text.evtx", 1, "is a text file"), ("nowhere.zip", 1, "no such file")):
            (row,) = table("events", self.folder / name).to_pylist()
            self.assertEqual((row["file"], row["exit_code"], row["event_id"]), (name, code, None))
            self.assertIn(f"gwlogs: {name}: {said}", row["error"].replace("it ", ""))
        (row,) = table("events", LOG, level="loud").to_pylist()
        self.assertEqual(row["exit_code"], 2)

    def test_damage_is_one_row_more(self):
        with self.assertWarns(gwlogs.DamageWarning):
            events = gwlogs.events(GARBAGE)
        rows = table("events", GARBAGE).to_pylist()
        self.assertEqual(len(rows), events.num_rows + 1)
        self.assertEqual(rows[-1]["exit_code"], 3)
        self.assertIn("2 damaged places", rows[-1]["error"])
        self.assertTrue(all(row["error"] is None for row in rows[:-1]))

    def test_a_file_that_takes_too_long_is_a_row(self):
        self.instead_of_gwlogs("import time; time.sleep(60)")
        (row,) = table("events", LOG, timeout=0.2).to_pylist()
        self.assertEqual(row["exit_code"], None)
        self.assertIn("no end after 0.2 seconds", row["error"])

    def test_a_program_that_is_killed_is_a_row(self):
        self.instead_of_gwlogs("import os; print('{\"record_id\":7}', flush=True); os.kill(os.getpid(), 9)")
        first, last = table("events", LOG).to_pylist()
        self.assertEqual((first["record_id"], first["error"]), (7, None))
        self.assertEqual(last["exit_code"], -9)

    def test_the_place_of_a_file_does_not_matter(self):
        for folder in ("a", "b/c"):
            (self.folder / folder).mkdir(parents=True)
            shutil.copy(GARBAGE, self.folder / folder / "x.evtx")
        a, c = (table("events", self.folder / folder / "x.evtx", "x.evtx") for folder in ("a", "b/c"))
        self.assertEqual(a, c)
        self.assertEqual(a, table("events", GARBAGE.read_bytes(), "x.evtx"))

    def test_sources(self):
        (row,) = table("sources", LOG).to_pylist()
        self.assertEqual((row["source"], row["records"], row["damaged"]), ("gateway-en.evtx", EVENTS, 0))

    def test_findings(self):
        got = table("findings", LOG, lang="en")
        self.assertEqual(got.drop(["file", "exit_code", "error"]), gwlogs.findings(LOG, lang="en"))

    def test_wrong_words(self):
        with self.assertRaisesRegex(ValueError, "no kind 'event': the kinds are events, "):
            fleet.rows("event", LOG)
        with self.assertRaisesRegex(TypeError, "no 'ids'"):
            fleet.rows("events", LOG, ids=1)


class CarriedTest(FolderTest):
    def setUp(self):
        super().setUp()
        self.bundles = self.folder / "bundles"
        self.bundles.mkdir()
        for n, log in enumerate(("gateway-en.evtx", "problems-fr.evtx", "short.evtx")):
            bundle(self.bundles / f"{n}.zip", log, f"00000000-0000-4000-8000-00000000000{n}")

    def read(self, **keywords):
        files = fleet.files(self.bundles)
        together = pa.Table.from_batches(list(fleet.rows_of("carried", files, **keywords)))
        one_by_one = [batch for file in files for batch in fleet.rows("carried", file.path, file.name, **keywords)]
        self.assertEqual(together, pa.Table.from_batches(one_by_one))
        return together

    def test_they_are_the_findings_of_then(self):
        now = pa.concat_tables(table("findings", file.path, file.name) for file in fleet.files(self.bundles))
        then = self.read()
        columns = ["file", "bundle", "computer", "signature", "count", "first", "last"]
        self.assertEqual(then.select(columns), now.select(columns))
        self.assertEqual(then.drop(["file", "exit_code", "error"]), gwlogs.carried(self.bundles))
        self.assertEqual(self.read(columns=["file"])["file"].to_pylist(), then["file"].to_pylist())
        self.assertLess(self.read(severity="high").num_rows, then.num_rows)

    def test_broken_ones_and_copies(self):
        (self.bundles / "copy.zip").write_bytes((self.bundles / "0.zip").read_bytes())
        names = set(self.read()["file"].to_pylist())
        self.assertEqual({"0.zip", "copy.zip"} & names, {"0.zip", "copy.zip"})
        (self.bundles / "broken.zip").write_bytes((self.bundles / "0.zip").read_bytes()[:2000])
        (row,) = [row for row in self.read().to_pylist() if row["error"]]
        self.assertEqual((row["file"], row["exit_code"]), ("broken.zip", 1))

    def test_nothing_can_be_selected_among_them(self):
        (row, *_) = fleet.rows_of("carried", fleet.files(self.bundles), since="7d")
        self.assertEqual(row["exit_code"].to_pylist(), [2])

    def test_many_fit_into_a_run(self):
        parts = lambda *paths: [paths[part] for part in _carried.runs(paths)]
        self.assertEqual(parts(), [])
        self.assertEqual([len(part) for part in parts(*["x"] * 250)], [100, 100, 50])
        self.assertEqual([len(part) for part in parts(*["x" * 9000] * 5)], [2, 2, 1])
        self.assertEqual([len(part) for part in parts("x" * 90000, "y")], [1, 1])


class FilesTest(FolderTest):
    def test_files_and_shares(self):
        for name, size in (("b.zip", 10), ("a/z.zip", 20), ("a/y.evtx", 30), ("c.txt", 1)):
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_bytes(b"x" * size)
        names = lambda listed: [file.name for file in listed]
        self.assertEqual(names(fleet.files(self.folder)), ["a/y.evtx", "a/z.zip", "b.zip", "c.txt"])
        self.assertEqual(names(fleet.files(str(self.folder), "*.zip")), ["a/z.zip", "b.zip"])
        self.assertEqual(names(fleet.files([self.folder / "b.zip", self.folder / "a"])), ["b.zip", "y.evtx", "z.zip"])
        with self.assertRaises(FileNotFoundError):
            fleet.files(self.folder / "nothing")
        packed = lambda *most: [names(share) for share in fleet.shares(fleet.files(self.folder), *most)]
        self.assertEqual(packed(2, 1000), [["a/y.evtx", "a/z.zip"], ["b.zip", "c.txt"]])
        self.assertEqual(packed(9, 31), [["a/y.evtx"], ["a/z.zip", "b.zip", "c.txt"]])
        self.assertEqual(packed(9, 1), [["a/y.evtx"], ["a/z.zip"], ["b.zip"], ["c.txt"]])
        self.assertEqual(fleet.shares([], 1, 1), [])

    def test_what_can_be_a_log(self):
        self.assertTrue(fleet.is_log(str(LOG)))
        self.assertTrue(fleet.is_log(str(self.folder / "nothing")))
        (self.folder / "text").write_text("text")
        self.assertFalse(fleet.is_log(str(self.folder / "text")))


if __name__ == "__main__":
    unittest.main()
