"""The recipes of docs/fleet.md that are files."""

import os
import subprocess
import sys
import unittest

import pyarrow as pa
import pyarrow.parquet

from gwlogs import fleet

from .support import ROOT, FolderTest, bundle


class RecipesTest(FolderTest):
    def test_dask(self):
        bundles, out = self.folder / "bundles", self.folder / "out"
        bundles.mkdir()
        for n, log in enumerate(("short.evtx", "problems-fr.evtx")):
            bundle(bundles / f"{n}.zip", log, f"00000000-0000-4000-8000-00000000000{n}")
        (bundles / "broken.zip").write_bytes((bundles / "0.zip").read_bytes()[:1000])
        subprocess.run([sys.executable, ROOT / "docs" / "fleet" / "dask_findings.py", bundles, out], check=True, timeout=240,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT / "python" / "src")})
        want = [batch for file in fleet.files(bundles) for batch in fleet.rows("findings", file.path, file.name)]
        have = pa.parquet.read_table(out)
        self.assertEqual(have.num_rows, sum(batch.num_rows for batch in want))
        self.assertEqual(have, pa.Table.from_batches(want))
        self.assertEqual(have["error"].null_count, have.num_rows - 1)


if __name__ == "__main__":
    unittest.main()
