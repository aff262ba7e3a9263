#!/usr/bin/env python3
"""bench/mkbig.py OUT.evtx MEGABYTES FILE|FOLDER...: a large valid log for benchmarks.

Takes the distinct, intact, well-filled 64 KiB chunks of the .evtx files that are named or lie below a folder, shuffles and
repeats them behind a file header that fits. The same files give the same log. Only chunks whose records all start with a
template are taken, and two channels that other readers fail on are not, so that every reader can take part.
"""

import os
import random
import struct
import sys
import zlib

CHUNK = 65536
HEADER = 4096
FILLED = 40000  # bytes: emptier chunks would make the log look faster to read than it is


def logs(sources):
    for source in sources:
        if os.path.isfile(source):
            yield source
        else:
            yield from sorted(os.path.join(d, f) for d, _, fs in os.walk(source) for f in fs if f.lower().endswith(".evtx"))


def chunks(sources):
    """The usable chunks of the sources: (bytes, number of records, id of the last record)."""
    found, seen = [], set()
    for path in logs(sources):
        if "CAPI" in path or "Shell-Core" in path:
            continue
        with open(path, "rb") as f:
            data = f.read()
        for at in range(HEADER, len(data) - CHUNK + 1, CHUNK):
            chunk = data[at:at + CHUNK]
            ids = record_ids(chunk)
            if ids and zlib.crc32(chunk) not in seen:
                seen.add(zlib.crc32(chunk))
                found.append((chunk, len(ids), ids[-1]))
    return found


def record_ids(chunk):
    """The ids of the records of an intact, well-filled chunk; None for any other."""
    if chunk[:8] != b"ElfChnk\0":
        return None
    last_id, = struct.unpack_from("<Q", chunk, 32)
    free, data_crc = struct.unpack_from("<II", chunk, 48)
    header_crc, = struct.unpack_from("<I", chunk, 124)
    if not FILLED <= free <= CHUNK or zlib.crc32(chunk[512:free]) != data_crc:
        return None
    if zlib.crc32(chunk[128:512], zlib.crc32(chunk[:120])) != header_crc:
        return None
    at, ids = 512, []
    while at < free:
        magic, size, record_id = struct.unpack_from("<IIQ", chunk, at)
        if magic != 0x2A2A or size < 32 or size % 8 or at + size > free:
            return None
        if struct.unpack_from("<I", chunk, at + size - 4)[0] != size or chunk[at + 28] != 0x0C:
            return None
        ids.append(record_id)
        at += size
    return ids if ids and ids[-1] == last_id else None


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    out, target, sources = sys.argv[1], int(sys.argv[2]) * 1000000, sys.argv[3:]
    usable = chunks(sources)
    if not usable:
        sys.exit("mkbig: no usable chunk in " + " ".join(sources))
    shuffle = random.Random(7).shuffle
    n, picked = max(1, target // CHUNK), []
    while len(picked) < n:
        again = usable[:]
        shuffle(again)
        picked += again
    picked = picked[:n]
    head = bytearray(HEADER)
    struct.pack_into("<8sQQQIHHHH", head, 0, b"ElfFile\0", 0, n - 1, max(c[2] for c in picked) + 1, 128, 1, 3, HEADER, n & 0xFFFF)
    struct.pack_into("<II", head, 120, 0, zlib.crc32(bytes(head[:120])))
    with open(out + ".part", "wb") as w:
        w.write(head)
        for c in picked:
            w.write(c[0])
    os.replace(out + ".part", out)
    print("%s: %d bytes, %d chunks (%d distinct), %d records"
          % (out, os.path.getsize(out), n, len(usable), sum(c[1] for c in picked)))


if __name__ == "__main__":
    main()
