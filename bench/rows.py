"""The rows of bench/compare: what is measured, against what, and how good it shall be."""

import glob
import os
import subprocess
import sys
from dataclasses import dataclass, field

NEEDLE = "wevtutil cl"  # in few events of the corpus
FEW_HITS = ["errors", "--id", "7009"]
SOME_DAY = "2021-01-01"
EVERYTHING = ["--since", "1980-01-01"]
MANY_LOGS = 10_000
MANY_BUNDLES = 1_000


@dataclass
class Goal:
    """What of our command must not be larger than what: a ratio to another command, or a number."""

    what: str  # "cpu" (seconds, or ratio with `of`), "wall" (milliseconds) or "memory" (MiB)
    most: float
    of: str = ""  # the other command's name

    def __str__(self):
        unit = {"cpu": " s CPU", "wall": " ms", "memory": " MiB"}[self.what]
        return "<= %g x %s" % (self.most, self.of) if self.of else "<= %g%s" % (self.most, unit)


@dataclass
class Command:
    """One or several programs, piped into each other; `repeat` times one after the other."""

    name: str
    pipe: list
    repeat: int = 1
    goals: list = field(default_factory=list)


@dataclass
class Row:
    key: str
    title: str
    commands: list
    runs: int = 0  # at most so many; 0: as many as are asked for


class Inputs:
    """The logs that rows read, each made when it is first asked for, below dist/bench."""

    def __init__(self, args, root):
        self.args, self.root = args, root
        self.folder = os.path.join(root, "dist", "bench")
        self.shared = os.environ.get("GWLOGS_SHARED") or os.path.join(os.path.dirname(root), "shared")
        os.makedirs(self.folder, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def tool(self, name):
        out = self.path(name)
        subprocess.run(["go", "build", "-trimpath", "-o", out, "./bench/" + name], cwd=self.root, check=True)
        return out

    def mixed(self, megabytes=300):
        """M: logs of all kinds, as the corpus of the shared folder has them."""
        if self.args.big and megabytes == 300:
            return self.args.big
        return self.big("%d.evtx" % megabytes, megabytes, [os.path.join(self.shared, "corpus")])

    def gateway(self, megabytes=0):
        """G: a log that is a gateway's, of the synthetic ones without damage."""
        megabytes = megabytes or self.args.gateway_size
        clean = sorted(glob.glob(os.path.join(self.shared, "fixtures", "public", "*.evtx")))
        return self.big("gateway-%d.evtx" % megabytes, megabytes, clean)

    def big(self, name, megabytes, sources):
        out = self.path(name)
        if not os.path.exists(out):
            mkbig = os.path.join(self.root, "bench", "mkbig.py")
            subprocess.run([sys.executable, mkbig, out, str(megabytes), *sources], check=True, stdout=subprocess.DEVNULL)
        return out

    def sliced(self, log):
        """All of a log as gwlogs writes it: what is compressed in a bundle of it."""
        out = self.path("slice-of-" + os.path.basename(log))
        if not os.path.exists(out) or os.path.getmtime(out) < os.path.getmtime(log):
            subprocess.run([self.args.gwlogs, "events", "-q", "--format", "evtx", "-o", out, log], check=True)
        return out

    def small(self):
        return os.path.join(self.root, "testdata", "short.evtx")

    def many_logs(self):
        """A folder of logs of 68 KB, a chunk each. A hundred are different; the others are names for the same files,
        so that what reads them has to be told to keep the duplicates."""
        out = self.path("logs-%d" % MANY_LOGS)
        if not os.path.exists(out):
            os.makedirs(out + ".part", exist_ok=True)
            with open(self.mixed(), "rb") as f:
                data = f.read(4096 + 100 * 65536)
            for i in range(100):
                with open("%s.part/%05d.evtx" % (out, i), "wb") as w:
                    w.write(one_chunk_header(data[:4096]) + data[4096 + i * 65536:4096 + (i + 1) * 65536])
            for i in range(100, MANY_LOGS):
                os.link("%s.part/%05d.evtx" % (out, i % 100), "%s.part/%05d.evtx" % (out, i))
            os.rename(out + ".part", out)
        return out

    def bundles(self):
        """A folder of bundles, of the logs in testdata in turn; as in many_logs, duplicates have to be kept."""
        out = self.path("bundles-%d" % MANY_BUNDLES)
        if not os.path.exists(out):
            logs = sorted(glob.glob(os.path.join(self.root, "testdata", "*.evtx")))
            os.makedirs(out + ".part", exist_ok=True)
            for i, log in enumerate(logs):
                command = [self.args.gwlogs, "archive", "-q", "-o", "%s.part/%05d.zip" % (out, i), log]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            for i in range(len(logs), MANY_BUNDLES):
                os.link("%s.part/%05d.zip" % (out, i % len(logs)), "%s.part/%05d.zip" % (out, i))
            os.rename(out + ".part", out)
        return out


def one_chunk_header(header):
    """The header of a log of one chunk."""
    import struct
    import zlib
    h = bytearray(header)
    struct.pack_into("<QQ", h, 8, 0, 0)
    struct.pack_into("<H", h, 42, 1)
    struct.pack_into("<I", h, 124, zlib.crc32(bytes(h[:120])))
    return bytes(h)


def rows(inputs):
    """The rows by key, each a function that makes its inputs and returns it."""
    args = inputs.args
    gwlogs = lambda *a: [[args.gwlogs, *map(str, a)]]
    dump = lambda log, format="jsonl", threads=1: [args.evtx_dump, "-t", str(threads), "-o", format, log]
    out = inputs.path

    def contains():
        log = inputs.mixed()
        return Row("contains", "search for a text, M", [
            Command("evtx_dump | grep", [dump(log), ["grep", "-i", NEEDLE]]),
            Command("walk", [[inputs.tool("walk"), log]]),
            Command("gwlogs events --contains", gwlogs("events", "-q", "--threads", 1, "--contains", NEEDLE, log), goals=[
                Goal("cpu", 0.4, "evtx_dump | grep"), Goal("cpu", 5, "walk")]),
        ])

    def diagnose():
        log = inputs.gateway()
        return Row("diagnose", "diagnosis with all signatures, G, 1 thread", [
            Command("report-id", gwlogs("report-id", "-q", "--threads", 1, log)),
            Command("evtx_dump", [dump(log)]),
            Command("gwlogs diagnose", gwlogs("diagnose", "-q", "--threads", 1, log), goals=[
                Goal("cpu", 3, "report-id"), Goal("cpu", 1, "evtx_dump"), Goal("memory", 48)]),
        ])

    def archive():
        log = inputs.gateway()
        return Row("archive", "bundle of everything, default flags, G", [
            Command("deflate", [[inputs.tool("deflate"), inputs.sliced(log)]]),
            Command("gwlogs archive", gwlogs("archive", "-q", *EVERYTHING, "-o", out("a.zip"), log), goals=[
                Goal("cpu", 1.6, "deflate")]),
        ])

    def memory():
        return Row("memory", "peak memory of a bundle of everything, M of 300 MB and of 3 GB", [
            Command("gwlogs archive, %d MB" % size,
                    gwlogs("archive", "-q", *EVERYTHING, "-o", out("a.zip"), inputs.mixed(size)), goals=[Goal("memory", 64)])
            for size in (300, 3000)
        ], runs=1)

    def identities():
        small, large = inputs.gateway(30), inputs.gateway(60)
        make = lambda log, mode: gwlogs("archive", "-q", *EVERYTHING, "--redact", mode, "-o", out("a.zip"), log)
        return Row("identities", "bundle without identities, 30 and 60 MB of G", [
            Command("archive, 30 MB", make(small, "secrets")),
            Command("archive --redact identities, 30 MB", make(small, "identities"), goals=[Goal("cpu", 2, "archive, 30 MB")]),
            Command("archive --redact identities, 60 MB", make(large, "identities"), goals=[
                Goal("cpu", 2.2, "archive --redact identities, 30 MB")]),
        ])

    def many():
        folder = inputs.many_logs()
        return Row("many", "report-id over {:,} logs of 68 KB".format(MANY_LOGS), [
            Command("cat", [["sh", "-c", "exec cat \"$0\"/*", folder]]),
            Command("gwlogs report-id", gwlogs("report-id", "-q", "--duplicates", folder), goals=[Goal("cpu", 2, "cat")]),
        ])

    def bundles():
        folder = inputs.bundles()
        return Row("bundles", "diagnosis of {:,} bundles".format(MANY_BUNDLES), [
            Command("gwlogs diagnose", gwlogs("diagnose", "-q", "--duplicates", folder), goals=[Goal("cpu", 2.5)]),
        ])

    def start():
        return Row("start", "start of a diagnosis of a small log", [
            Command("version", gwlogs("version"), repeat=20),
            Command("gwlogs diagnose", gwlogs("diagnose", "-q", "--threads", 1, inputs.small()), repeat=20, goals=[
                Goal("wall", 20), Goal("cpu", 1.6, "version")]),
        ])

    def slices():
        log = inputs.mixed()
        return Row("slice", "slice of everything to a log, M", [
            Command("walk -copy", [[inputs.tool("walk"), "-copy", out("copy.evtx"), log]]),
            Command("gwlogs events --format evtx", gwlogs("events", "-q", "--format", "evtx", "-o", out("s.evtx"), log), goals=[
                Goal("cpu", 1.5, "walk -copy")]),
        ])

    def selections():
        log = inputs.mixed()
        ask = lambda *a: Command("gwlogs " + " ".join(a), gwlogs(*a, "-q", "--threads", 1, log), repeat=3, goals=[Goal("cpu", 1.5, "walk")])
        return Row("selections", "selections, M, 1 thread", [
            Command("walk", [[inputs.tool("walk"), log]], repeat=3),
            ask("report-id"), ask("errors"), ask(*FEW_HITS), ask("report-id", "--since", SOME_DAY)])

    def asked():
        log = inputs.mixed()
        ask = lambda goal, *a: Command("gwlogs " + " ".join(a), gwlogs(*a, "-q", "--threads", 1, log), repeat=3, goals=[
            Goal("cpu", goal, "report-id")])
        return Row("asked", "counts, the last events and an expression, M, 1 thread", [
            Command("report-id", gwlogs("report-id", "-q", "--threads", 1, log), repeat=3),
            ask(1.5, "stats"), ask(0.3, "events", "-n", "10", "--reverse"),
            ask(1.5, "events", "--where", "EventID = 4625 and TargetUserName endswith '$'")])

    def dumps():
        log = inputs.mixed()
        commands = []
        for format in ("jsonl", "xml"):
            commands += [
                Command("evtx_dump " + format, [dump(log, format)]),
                Command("gwlogs events --format " + format, gwlogs("events", "-q", "--threads", 1, "--format", format, log), goals=[
                    Goal("cpu", 0.8, "evtx_dump " + format)])]
        return Row("dump", "full dump, M, 1 thread", commands)

    def threads():
        log = inputs.mixed()
        return Row("threads", "full dump, M, 2 threads (look at the wall clock)", [
            Command("evtx_dump -t 2", [dump(log, "jsonl", 2)]),
            Command("gwlogs events --threads 2", gwlogs("events", "-q", "--threads", 2, "--format", "jsonl", log)),
        ])

    return {"contains": contains, "diagnose": diagnose, "archive": archive, "memory": memory, "identities": identities, "many": many,
            "bundles": bundles, "start": start, "slice": slices, "selections": selections, "asked": asked,
            "dump": dumps, "threads": threads}
