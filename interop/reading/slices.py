"""The logs that gwlogs writes for the readers: each source whole, and slices over all of them."""

import os

from . import programs
from .onefile import Job

SELECTIONS = {
    "everything": [],
    "bad": ["--level", "critical,error"],
    "week": ["--since", "7d"],
    "one-id": ["--id", "1,401,4624"],
}


def logs(folder):
    """(path, name below the folder), sorted."""
    found = []
    for where, _, names in os.walk(folder):
        found += [os.path.join(where, n) for n in names if n.lower().endswith(".evtx")]
    return sorted((p, os.path.relpath(p, folder)) for p in found)


def write(gwlogs, job):
    """Writes the job's log; "" when it did, or why not. Exit code 3 is for what was damaged in the sources."""
    _, errors, code = programs.run([gwlogs, "events", "--quiet", "--format", "evtx", "-o", job.path, *job.selection, *job.sources])
    if code in (0, 3) and os.path.exists(job.path):
        return ""
    return "exit code %d: %s" % (code, programs.first_line(errors))


def readable(gwlogs, job):
    """Whether there is anything to write: exit code 1 is for sources in which nothing can be read."""
    return programs.gwlogs_xml(gwlogs, job.sources, job.selection)[2] != 1


def whole(gwlogs, group, folder, into):
    """A task for each log of a folder: everything in it, written again."""
    for i, (path, name) in enumerate(logs(folder)):
        yield gwlogs, Job(os.path.join(into, "%s-%03d.evtx" % (group, i)), "%s/%s" % (group, name), [path])


def across(gwlogs, group, folder, into, last):
    """A task for each selection over all logs of a folder. Those in `last` come last: evtxexport ends at their records."""
    sources = sorted((p for p, _ in logs(folder)), key=lambda p: (p in last, p))
    for title, selection in SELECTIONS.items():
        if sources:
            yield gwlogs, Job(os.path.join(into, "%s-%s.evtx" % (group, title)), "%s %s" % (group, title), sources, selection)


def make(task):
    """Carries a task out: the job, and why it failed; None where there was nothing to write."""
    gwlogs, job = task
    trouble = write(gwlogs, job)
    return None if trouble and not readable(gwlogs, job) else (job, trouble)
