"""Bundles of many customers, made with gwlogs archive: another report ID each, from several logs; some of them broken."""

import concurrent.futures
import os
import subprocess
import uuid

LOGS = ("short.evtx", "problems-fr.evtx", "problems-en.evtx", "gateway-fr.evtx", "gateway-en.evtx")
SPACE = uuid.UUID("6f2a7d52-0d5b-4b7e-9f0c-3d8f6a1c9b11")
BROKEN = 25  # every so many bundles, one is


def make(gwlogs, logs, folder, count):
    """count bundles in folders of 100, named by their report ID."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda n: _bundle(gwlogs, logs, folder, n), range(count)))
    return sum(os.path.getsize(os.path.join(where, name)) for where, _, names in os.walk(folder) for name in names)


def _bundle(gwlogs, logs, folder, n):
    report = str(uuid.uuid5(SPACE, str(n)))
    path = os.path.join(folder, "%03d" % (n // 100), report + ".zip")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    source = os.path.join(logs, "damaged", "garbage.evtx") if n % BROKEN == 7 else os.path.join(logs, LOGS[n % len(LOGS)])
    run = subprocess.run([gwlogs, "archive", "--threads", "1", "--quiet", "--report-id", report, "-o", path, source],
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "XDG_STATE_HOME": folder + ".state"})
    if run.returncode not in (0, 3):
        raise SystemExit("fleet: gwlogs archive: " + run.stderr.decode())
    if n % BROKEN == 11:  # an upload that broke off
        os.truncate(path, os.path.getsize(path) // 2)
    elif n % BROKEN == 19:
        with open(path, "wb") as f:
            f.write(b"PK\3\4 and nothing else")
