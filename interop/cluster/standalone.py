"""A standalone Spark of this machine: a master and workers, each a Java process of its own, on 127.0.0.1 alone.

Each process is the head of a group of its own, so that what it has started can be ended with it, and is ended when the Cluster is
left, whatever happened.
"""

import contextlib
import os
import re
import signal
import subprocess
import time

import pyspark

HOME = os.path.dirname(pyspark.__file__)
DAEMON_MEMORY, EXECUTOR_MEMORY = "96m", "512m"
WORKER_MEMORY = "1g"  # what a worker hands out to executors
START = 120  # seconds that a process may take to come up


class Worker:
    def __init__(self, process):
        self.process = process

    def executors(self):
        """The processes in which the worker runs tasks now."""
        return [pid for pid in _children(self.process.pid) if b"CoarseGrainedExecutorBackend" in _command(pid)]

    def kill(self):
        """As if the machine were lost: the worker, and all that it has started, at once."""
        lost = _descendants(self.process.pid)
        for pid in [self.process.pid, *lost]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


class Cluster:
    def __init__(self, folder, environment):
        self.folder = folder
        self.environment = {**os.environ, **environment, "SPARK_HOME": HOME, "SPARK_SCALA_VERSION": "2.13",
                            "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": os.path.join(folder, "scratch")}
        self.processes = []
        self.workers = []
        self.url = None

    def __enter__(self):
        try:
            said = self._start("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
            self.url = self._wait(said, r"Starting Spark master at (spark://\S+)")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def add_workers(self, count):
        """Workers of one core, when they have come up."""
        logs = []
        for _ in range(count):
            logs.append(self._start("worker-%d" % len(self.workers), "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1",
                                    "--cores", "1", "--memory", WORKER_MEMORY, "--webui-port", "0",
                                    "--work-dir", os.path.join(self.folder, "work"), self.url))
            self.workers.append(Worker(self.processes[-1]))
        for log in logs:
            self._wait(log, r"(Successfully registered) with master")

    def stop(self):
        for process in reversed(self.processes):
            for pid in [*_descendants(process.pid), process.pid] if process.poll() is None else []:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()

    def _start(self, name, main, *arguments):
        log = os.path.join(self.folder, name + ".log")
        opens = ["--add-opens=java.base/%s=ALL-UNNAMED" % p for p in ("java.lang", "java.nio", "java.util", "sun.nio.ch", "java.net")]
        with open(log, "wb") as out:
            self.processes.append(subprocess.Popen(
                ["java", "-cp", os.path.join(HOME, "jars", "*"), "-Xmx" + DAEMON_MEMORY, "-XX:TieredStopAtLevel=1", *opens,
                 main, *arguments],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=self.environment, start_new_session=True))
        return log

    def _wait(self, log, pattern):
        end = time.monotonic() + START
        while time.monotonic() < end:
            with open(log, errors="replace") as f:
                found = re.search(pattern, f.read())
            if found:
                return found.group(1)
            if any(p.poll() is not None and p.returncode != -signal.SIGKILL for p in self.processes):
                break
            time.sleep(0.1)
        with open(log, errors="replace") as f:
            raise SystemExit("fleet: %s: did not come up:\n%s" % (os.path.basename(log), f.read()[-2000:]))


def _children(pid):
    found = []
    for task in _listed("/proc/%d/task" % pid):
        with contextlib.suppress(OSError), open("/proc/%d/task/%s/children" % (pid, task)) as f:
            found += [int(child) for child in f.read().split()]
    return found


def _descendants(pid):
    found = []
    for child in _children(pid):
        found += [child, *_descendants(child)]
    return found


def _listed(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _command(pid):
    with contextlib.suppress(OSError), open("/proc/%d/cmdline" % pid, "rb") as f:
        return f.read()
    return b""
