"""The run of interop/fleet."""

import argparse
import contextlib
import faulthandler
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time

from . import bundles, jobs, standalone


def main(root):
    parser = argparse.ArgumentParser(description="A fleet of bundles on a Spark that loses machines, beside this machine alone.")
    parser.add_argument("--bundles", type=int, default=100, metavar="N", help="how many bundles (100)")
    parser.add_argument("--limit", type=int, default=1500, metavar="SECONDS", help="after which it fails (1500)")
    args = parser.parse_args()
    if not shutil.which("java"):
        raise SystemExit("fleet: no java: .ci/install python gets it")
    gwlogs = os.path.abspath(os.environ.get("GWLOGS", os.path.join(root, "dist", "gwlogs")))
    os.environ.update(GWLOGS=gwlogs, PYTHONPATH=os.path.join(root, "python", "src"), PYSPARK_PYTHON=os.sys.executable,
                      SPARK_LOCAL_IP="127.0.0.1", TZ="UTC")
    signal.signal(signal.SIGALRM, _too_late)
    signal.alarm(args.limit)
    with tempfile.TemporaryDirectory(prefix="gwlogs-fleet-") as folder:
        Run(root, gwlogs, folder, args.bundles).all()


def _too_late(*_):
    faulthandler.dump_traceback()
    raise SystemExit("fleet: it takes too long")


def say(text):
    print("fleet: " + text, flush=True)


def cpu():
    """Seconds of this process and of its children that have ended."""
    return sum(u.ru_utime + u.ru_stime for u in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)))


class Run:
    def __init__(self, root, gwlogs, folder, count):
        self.root, self.gwlogs, self.count = root, gwlogs, count
        self.place = lambda name: os.path.join(folder, name)
        self.bundles = self.place("bundles")
        shared = os.environ.get("GWLOGS_SHARED", os.path.join(root, "..", "shared"))
        corpus = os.path.join(shared, "corpus")
        self.logs = corpus if os.path.isdir(corpus) else os.path.join(root, "testdata")
        if self.logs != corpus:
            say("no GWLOGS_SHARED: the events are those of testdata")

    def all(self):
        start, before = time.monotonic(), cpu()
        size = bundles.make(self.gwlogs, os.path.join(self.root, "testdata"), self.bundles, self.count)
        say("%d bundles, %.1f MB; %.0f s of CPU" % (self.count, size / 1e6, cpu() - before))
        os.makedirs(self.place("log"))
        with standalone.Cluster(self.place(""), {}) as cluster:
            cluster.add_workers(2)
            with self.session(cluster) as spark:
                say("Spark %s: a master and two workers, after %.0f s" % (spark.version, time.monotonic() - start))
                self.findings(spark, cluster)
                self.events(spark, cluster)
                self.other_ways(spark)
        for reason, times in sorted(jobs.removed_executors(self.place("log")).items()):
            say("Spark says: executor lost %d times: %s" % (times, reason))
        say("ok: all that two workers made while they were killed is what one machine makes; %.0f s" % (time.monotonic() - start))

    @contextlib.contextmanager
    def session(self, cluster):
        from pyspark.sql import SparkSession
        import gwlogs.spark

        settings = {
            "spark.master": cluster.url, "spark.app.name": "gwlogs fleet", "spark.ui.enabled": "false",
            "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.memory": "768m",
            "spark.executor.memory": standalone.EXECUTOR_MEMORY, "spark.executor.cores": "1",
            "spark.eventLog.enabled": "true", "spark.eventLog.dir": "file://" + self.place("log"), "spark.eventLog.compress": "false",
            "spark.sql.session.timeZone": "UTC", "spark.sql.shuffle.partitions": "2", "spark.local.dir": self.place("scratch"),
            "spark.sql.warehouse.dir": self.place("warehouse"), "spark.log.level": "FATAL", "spark.ui.showConsoleProgress": "false",
        }
        spark = SparkSession.builder.config(map=settings).getOrCreate()
        try:
            gwlogs.spark.register(spark)
            yield spark
        finally:
            spark.stop()

    def reader(self, spark, kind, tasks, files):
        return spark.read.format("gwlogs").option("kind", kind).option("filesPerPartition", max(1, files // tasks))

    def findings(self, spark, cluster):
        before, start = cpu(), time.monotonic()
        want = self.alone("findings", self.bundles)
        cost = (cpu() - before) * 1000 / self.count
        say("one machine: %d rows; %.0f ms of CPU a bundle, %.0f s" % (len(want), cost, time.monotonic() - start))
        frame = self.reader(spark, "findings", 20, self.count).load(self.bundles)
        self.compare("findings of %d bundles" % self.count, want, spark, cluster, frame)

    def events(self, spark, cluster):
        import duckdb

        cluster.add_workers(1)
        parquet = self.place("events.parquet")
        command = [self.gwlogs, "events", "--duplicates", "--format", "parquet", "-o", parquet, self.logs]
        code = subprocess.call(command, stderr=subprocess.DEVNULL)
        if code not in (0, 3):
            raise SystemExit("fleet: gwlogs events --format parquet: exit code %d" % code)
        # A file that is read for itself is its own source.
        query = "select * replace (parse_filename(source) as source) from '%s'" % parquet
        want = jobs.lines(duckdb.sql("set timezone = 'UTC'; " + query).to_arrow_table())
        frame = self.reader(spark, "events", 12, 300).option("duplicates", "true").load(self.logs)
        frame = frame.where("error is null").drop("file", "exit_code", "error")
        self.compare("events of " + os.path.basename(self.logs), want, spark, cluster, frame)
        read = spark.read.parquet(parquet).selectExpr("* except (source)", "element_at(split(source, '/'), -1) as source")
        if jobs.lines(read.toArrow()) != want:
            raise SystemExit("fleet: Spark reads other events from Parquet than DuckDB")
        say("ok: Spark reads the Parquet file as DuckDB does")

    def other_ways(self, spark):
        """Files that Spark itself reads, and conditions that are pushed down."""
        import duckdb
        import gwlogs.spark

        folder = os.path.join(self.bundles, "000")
        few = sorted(os.listdir(folder))[:20]
        files = spark.read.format("binaryFile").load([os.path.join(folder, name) for name in few])
        frame = gwlogs.spark.from_files(files, "findings").selectExpr("* except (file)", "element_at(split(file, '/'), -1) as file")
        frame = frame.select(*spark.read.format("gwlogs").option("kind", "findings").load(folder).columns)
        if jobs.lines(frame.toArrow()) != self.alone("findings", folder, few):
            raise SystemExit("fleet: binaryFile and mapInArrow give other findings")
        say("ok: binaryFile and mapInArrow give the same findings")
        carried = self.reader(spark, "carried", 4, self.count).load(self.bundles)
        if jobs.lines(carried.toArrow()) != self.alone("carried", self.bundles):
            raise SystemExit("fleet: other findings are carried than one machine says")
        say("ok: the findings that bundles carry are the same on both")
        condition = "level = 'error' and event_id in (401, 402) and time >= '2017-04-25' and time < '2017-05-03'"
        all_events = self.reader(spark, "events", 2, 20).load(folder)
        pushed, unfiltered = all_events.where(condition).count(), all_events.toArrow()
        (want,), = duckdb.sql("set timezone = 'UTC'; select count(*) from unfiltered where " + condition).fetchall()
        if pushed == 0 or pushed != want:
            raise SystemExit("fleet: with conditions pushed down there are %d events, without %d" % (pushed, want))
        say("ok: conditions that are pushed down choose the same %d events" % pushed)

    def alone(self, kind, folder, names=None):
        """What this machine makes of the files of a folder, one after the other."""
        import pyarrow
        from gwlogs import fleet

        batches = [batch for file in fleet.files(folder) if names is None or file.name in names
                   for batch in fleet.rows(kind, file.path, file.name)]
        return jobs.lines(pyarrow.Table.from_batches(batches, fleet.schema(kind)))

    def compare(self, what, want, spark, cluster, frame):
        first, second = [w for w in cluster.workers if w.process.poll() is None][:2]
        jobs.wait_for_executors(spark, 2)
        start = time.monotonic()
        table, lost = jobs.with_losses(spark, frame, [
            (4, "an executor", lambda: jobs.kill_executor(first)),
            (7, "a worker with its executor", lambda: bool(second.executors()) and (second.kill() or True)),
        ], what)
        got = jobs.lines(table)
        for name, finished, tasks in lost:
            say("killed %s after %d of %d tasks" % (name, finished, tasks))
        if got != want:
            odd = sorted(set(got) ^ set(want))
            raise SystemExit("fleet: %s: %d rows, one machine has %d; for example\n%s" % (what, len(got), len(want), "\n".join(odd[:4])))
        say("ok: %s: %d rows, the same on both, sha256 %s; %.0f s" % (what, len(got), jobs.digest(got)[:16], time.monotonic() - start))
