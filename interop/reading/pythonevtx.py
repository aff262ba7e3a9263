"""Run by a Python that has python-evtx: its records as lines of JSON, the number of all first.

    python3 pythonevtx.py FILE MOST

It renders some 200 records a second: of more than MOST, as many are taken, spread evenly, with the first and the last.
"""

import json
import sys
import warnings

warnings.simplefilter("ignore")  # of its regular expressions

from Evtx.Evtx import Evtx  # noqa: E402


def main():
    path, most = sys.argv[1], int(sys.argv[2])
    with Evtx(path) as log:
        count = sum(1 for _ in log.records())
        print(json.dumps({"count": count}))
        wanted = chosen(count, most)
        for position, record in enumerate(log.records()):
            if position in wanted:
                print(json.dumps(rendered(position, record)))


def chosen(count, most):
    if count <= most:
        return set(range(count))
    return {i * (count - 1) // (most - 1) for i in range(most)}


def rendered(position, record):
    try:
        return {"position": position, "xml": record.xml()}
    except Exception as e:  # it raises all kinds
        return {"position": position, "error": type(e).__name__}


if __name__ == "__main__":
    main()
