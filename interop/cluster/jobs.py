"""Jobs on a cluster that loses processes while they run, and their results in a form that can be compared."""

import datetime
import hashlib
import json
import os
import signal
import threading
import time


def lines(table):
    """The rows of an Arrow table as sorted lines of JSON."""
    return sorted(json.dumps(row, default=_text, ensure_ascii=False, sort_keys=True) for row in table.to_pylist())


def _text(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat()
    raise TypeError(value)


def digest(listed):
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()


class Losses(threading.Thread):
    """Kills, while the jobs of a group run, what is listed in steps: (after so many finished tasks, what, what to call)."""

    def __init__(self, tracker, group, steps):
        super().__init__(daemon=True)
        self.tracker, self.group, self.steps = tracker, group, list(steps)
        self.done = []  # what was killed, and how far the job was
        self.over = threading.Event()

    def run(self):
        while self.steps and not self.over.is_set():
            finished, all_tasks = self.progress()
            after, what, kill = self.steps[0]
            if finished >= after and kill():
                self.steps.pop(0)
                self.done.append((what, finished, all_tasks))
            time.sleep(0.02)

    def progress(self):
        finished = all_tasks = 0
        for job in self.tracker.getJobIdsForGroup(self.group):
            info = self.tracker.getJobInfo(job)
            for stage in info.stageIds if info else []:
                stage = self.tracker.getStageInfo(stage)
                if stage:
                    finished, all_tasks = finished + stage.numCompletedTasks, all_tasks + stage.numTasks
        return finished, all_tasks


def with_losses(spark, frame, steps, group):
    """All rows of a frame, and what was killed while they were made."""
    context = spark.sparkContext
    context.setJobGroup(group, group)
    losses = Losses(context.statusTracker(), group, steps)
    losses.start()
    try:
        table = frame.toArrow()
    finally:
        losses.over.set()
        losses.join()
    if losses.steps:
        raise SystemExit("fleet: %s: the job ended before all was killed that was to be: %s" % (group, losses.done))
    return table, losses.done


def wait_for_executors(spark, count):
    """Until so many executors have come up."""
    end = time.monotonic() + 120
    while spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() <= count:  # the driver counts as one
        if time.monotonic() > end:
            raise SystemExit("fleet: %d executors have not come up" % count)
        time.sleep(0.1)


def kill_executor(worker):
    """Kills an executor of a worker, if it has one now."""
    for pid in worker.executors()[:1]:
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def removed_executors(folder):
    """What Spark itself noted of executors that it lost: {reason: how often}."""
    reasons = {}
    for where, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(where, name), errors="replace") as f:
                for line in f:
                    if '"Event":"SparkListenerExecutorRemoved"' in line:
                        reason = json.loads(line)["Removed Reason"]
                        reasons[reason] = reasons.get(reason, 0) + 1
    return reasons
