"""What is wrong, as dicts."""

import json
import os
import re
import subprocess
import unittest

import gwlogs
from gwlogs import _selection

from .support import EVENTS, GARBAGE, LOG


class DiagnosisTest(unittest.TestCase):
    def test_a_diagnosis_is_that_of_the_program(self):
        out = subprocess.run([os.environ["GWLOGS"], "diagnose", "--format", "json", "--lang", "en", str(LOG)], check=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        self.assertEqual(gwlogs.diagnose(LOG, lang="en"), json.loads(out))

    def test_options(self):
        found = gwlogs.diagnose(LOG, severity="high", evidence=1, lang="fr", since="7d")
        self.assertTrue(found["findings"])
        for finding in found["findings"]:
            self.assertIn(finding["severity"], ("critical", "high"))
            self.assertEqual(len(finding["evidence"]), 1)

    def test_damage(self):
        with self.assertWarns(gwlogs.DamageWarning):
            found = gwlogs.diagnose(GARBAGE)
        self.assertEqual(found["sources"][0]["damaged"], 2)

    def test_tables(self):
        found = gwlogs.diagnose(LOG, lang="en")
        table = gwlogs.findings(LOG, lang="en")
        self.assertEqual(table.schema, gwlogs.schema("findings"))
        self.assertEqual({row["signature"] for row in table.to_pylist()}, {finding["signature"] for finding in found["findings"]})
        self.assertEqual(gwlogs.findings(LOG, columns=["computer", "count"], severity="critical").column_names, ["computer", "count"])
        self.assertEqual(sum(gwlogs.stats(LOG, by="level")["count"].to_pylist()), EVENTS)
        self.assertEqual(gwlogs.stats(LOG, id=401)["event_id"].to_pylist(), [401])
        self.assertEqual(len(gwlogs.report_ids(LOG)), 2)
        self.assertIn(9350, gwlogs.endpoints(LOG)["port"].to_pylist())

    def test_explain(self):
        text = "ErrorCode=SqlFailedToConnect,'Type=X,Message=Cannot connect to SQL Database."
        self.assertEqual(gwlogs.explain(text, lang="en")["findings"][0]["title"], "SQL Database cannot be reached")
        with self.assertRaises(TypeError):
            gwlogs.explain(b"bytes")


class KeywordsTest(unittest.TestCase):
    """The keywords are the flags of the program."""

    NO_KEYWORDS = {
        "format", "output", "quiet", "no-color", "no-pager", "fields", "bom", "help", "report", "exit-code", "verbose", "by", "follow",
        "findings-of-bundles",
    }

    def flags(self, verb):
        said = subprocess.run([os.environ["GWLOGS"], "help", verb], check=True, stdout=subprocess.PIPE).stdout.decode()
        return {flag.replace("-", "_") for flag in re.findall(r"^ +(?:-\w, )?--([a-z-]+)", said, re.M) if flag not in self.NO_KEYWORDS}

    def test_events(self):
        self.assertEqual(self.flags("events"), set(_selection.SELECTION))

    def test_diagnose(self):
        of_events_alone = {"limit", "reverse"}
        self.assertEqual(self.flags("diagnose"), set(_selection.DIAGNOSIS) - of_events_alone)

    def test_they_are_all_described(self):
        for name in _selection.SELECTION:
            self.assertIn(f"``{name}``", gwlogs.__doc__)
        for name in set(_selection.DIAGNOSIS) - set(_selection.SELECTION):
            self.assertIn(f"``{name}``", gwlogs.diagnose.__doc__)


if __name__ == "__main__":
    unittest.main()
