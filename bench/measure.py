"""Runs commands and says what they took."""

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass
class Sample:
    cpu: float  # seconds, user and system, of all programs of a pipe
    wall: float  # seconds
    memory: float  # MiB: the largest resident size that any of them had


def run(command):
    """One sample of a command, the mean of its repetitions. What is below the size of this process is not seen of memory:
    a child begins as its copy."""
    cpu = memory = 0.0
    begin = time.perf_counter()
    for _ in range(command.repeat):
        for usage in run_once(command):
            cpu += usage.ru_utime + usage.ru_stime
            memory = max(memory, usage.ru_maxrss / 1024)
    return Sample(cpu / command.repeat, (time.perf_counter() - begin) / command.repeat, memory)


def run_once(command):
    processes, source = [], subprocess.DEVNULL
    for i, argv in enumerate(command.pipe):
        last = i == len(command.pipe) - 1
        p = subprocess.Popen(argv, stdin=source, stdout=subprocess.DEVNULL if last else subprocess.PIPE, stderr=subprocess.DEVNULL)
        if source is not subprocess.DEVNULL:
            source.close()
        source = p.stdout
        processes.append(p)
    usages = []
    for p in processes:
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        usages.append(usage)
    code = processes[-1].returncode
    if code not in (0, 1, 3):  # 1 of grep: nothing found; 3 of gwlogs: a log has damage
        sys.exit("compare: %s: exit code %d" % (" ".join(command.pipe[-1]), code))
    return usages


def own_size():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read(name):
    """Brings files into the cache of the system: disks are not what is measured."""
    if os.path.isdir(name):
        for entry in os.scandir(name):
            read(entry.path)
    elif os.path.isfile(name) and not os.access(name, os.X_OK):
        with open(name, "rb") as f:
            while f.read(1 << 20):
                pass
