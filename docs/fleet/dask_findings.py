"""dask_findings.py FOLDER OUT [SCHEDULER]: the findings of all bundles below FOLDER as Parquet files in OUT, by Dask."""

import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from dask.distributed import Client, as_completed
from gwlogs import fleet


def findings(number, share, out):
    rows = [batch for file in share for batch in fleet.rows("findings", file.path, file.name)]
    path = os.path.join(out, f"{number:06}.parquet")  # done again after a worker was lost, it replaces itself
    pq.write_table(pa.Table.from_batches(rows, fleet.schema("findings")), f"{path}.{os.getpid()}")
    os.replace(f"{path}.{os.getpid()}", path)


if __name__ == "__main__":
    folder, out, *scheduler = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    shares = fleet.shares(fleet.files(folder, "*.zip"), most_files=50, most_bytes=64 << 20)
    with Client(*scheduler) as client:  # without an address: processes on this machine
        for done in as_completed(client.map(findings, range(len(shares)), shares, out=out)):
            done.result()
