"""Logs and programs that tests use."""

import os
import stat
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOG = ROOT / "testdata" / "gateway-en.evtx"
FRENCH = ROOT / "testdata" / "gateway-fr.evtx"
GARBAGE = ROOT / "testdata" / "damaged" / "garbage.evtx"
EVENTS = 2709  # of LOG

os.environ.setdefault("GWLOGS", str(ROOT / "dist" / "gwlogs"))


def bundle(path, log, report):
    """Makes a bundle of a log of testdata."""
    subprocess.run([os.environ["GWLOGS"], "archive", "--quiet", "--report-id", report, "-o", path, ROOT / "testdata" / log], check=True,
                   stdout=subprocess.DEVNULL, env={**os.environ, "XDG_STATE_HOME": str(path.parent.parent / "state")})


class FolderTest(unittest.TestCase):
    """A test with a folder of its own, self.folder."""

    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = Path(made.name)

    def instead_of_gwlogs(self, script):
        """Has the package run this Python instead of the program."""
        path = self.folder / "gwlogs"
        path.write_text(f"#!{sys.executable} -I\n" + textwrap.dedent(script), "utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        before = os.environ["GWLOGS"]
        self.addCleanup(os.environ.__setitem__, "GWLOGS", before)
        os.environ["GWLOGS"] = str(path)
