"""The program gwlogs as a child process: where it is, what goes in, what comes out, and how it ended."""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
from pathlib import Path
from typing import IO, Iterator, Optional, Sequence, Union

#: A log, a folder, a bundle, a live channel of Windows (``"channel:NAME"``), or the bytes of a log or bundle.
Source = Union[str, "os.PathLike[str]", bytes]

BLOCK = 1 << 20  # bytes that are read at once
MOST_NOTES = 1000  # lines of standard error that are kept

DONE, DONE_IN_PART = 0, 3


class Error(Exception):
    """gwlogs failed, and nothing useful came out.

    ``exit_code`` is the program's: 1 for a failure, 2 for wrong use (a keyword that it does not take that way), negative
    for the signal that ended it, ``None`` where it could not be started or took too long. ``lines`` is what it said on
    standard error: what failed, why, and with ``hint:`` what helps.
    """

    def __init__(self, exit_code: Optional[int], lines: Sequence[str]):
        self.exit_code = exit_code
        self.lines = tuple(lines)
        super().__init__(exit_code, self.lines)

    def __str__(self) -> str:
        return "\n".join(self.lines) or f"gwlogs ended with exit code {self.exit_code}, and said nothing"


class DamageWarning(UserWarning):
    """A log is damaged, or one of several could not be read: all that could be read is there (exit code 3)."""


@functools.lru_cache(maxsize=None)
def _installed() -> Optional[str]:
    """The program that was installed with this package."""
    name = "gwlogs.exe" if sys.platform == "win32" else "gwlogs"
    found: list[str] = []
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        here = importlib.metadata.distribution("gwlogs")
        found += [str(here.locate_file(f)) for f in here.files or () if f.name == name]
    found.append(str(Path(__file__).parents[1] / "bin" / name))  # pip install --target
    found.append(os.path.join(sysconfig.get_path("scripts"), name))
    for path in found:
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return os.path.abspath(path)
    return shutil.which("gwlogs")


def program() -> str:
    """The path of the program: ``$GWLOGS``, or that which was installed with this package, or that in the ``PATH``."""
    path = os.environ.get("GWLOGS") or _installed()
    if not path:
        raise Error(None, ["gwlogs: the program is not there: it comes with the wheels of this package",
                           "hint: install the wheel of a release, or name the program in the environment variable GWLOGS"])
    return os.path.abspath(path)


def operands(sources: Union[Source, Sequence[Source]]) -> tuple[list[str], Optional[bytes]]:
    """The arguments that name the sources, and what goes to standard input."""
    if isinstance(sources, (str, bytes, os.PathLike)):
        sources = [sources]
    names, content = [], None
    for source in sources:
        if isinstance(source, (bytes, bytearray, memoryview)):
            if content is not None:
                raise TypeError("gwlogs: of several sources, one at most can be bytes")
            content = bytes(source)
            names.append("-")
        else:
            path = os.fspath(source)
            names.append("./-" if path == "-" else path)
    if not names:
        raise ValueError("gwlogs: no source: name a log, a folder or a bundle")
    return ["--", *names], content


class Child:
    """A run of the program, in a folder. Leaving its context ends it; ``finish`` tells how it ended."""

    def __init__(self, arguments: Sequence[str], stdin: Optional[bytes] = None, timeout: Optional[float] = None,
                 folder: Optional[str] = None):
        command = [program(), *arguments]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, env={**os.environ, "NO_COLOR": "1"})
        except (OSError, ValueError) as why:  # ValueError: a null character in an argument
            raise Error(None, [f"gwlogs: {command[0]}: {why}"]) from why
        self.notes: list[str] = []
        self._left_out = 0
        self._late = False
        self._threads = [threading.Thread(target=self._read_notes, daemon=True)]
        if stdin is not None:
            self._threads.append(threading.Thread(target=self._write, args=(stdin,), daemon=True))
        for thread in self._threads:
            thread.start()
        self._timer: Optional[threading.Timer] = None
        if timeout is not None:
            self._timeout = timeout
            self._timer = threading.Timer(timeout, self._too_late)
            self._timer.daemon = True
            self._timer.start()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def _too_late(self) -> None:
        self._late = True
        self._process.kill()

    def _read_notes(self) -> None:
        stderr = self._process.stderr
        assert stderr is not None
        for line in stderr:
            if len(self.notes) < MOST_NOTES:
                self.notes.append(line.decode("utf-8", "replace").rstrip("\r\n"))
            else:
                self._left_out += 1

    def _write(self, content: bytes) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        with contextlib.suppress(OSError):  # a program that has ended does not read on
            stdin.write(content)
        with contextlib.suppress(OSError):
            stdin.close()

    @property
    def stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def blocks(self) -> Iterator[bytes]:
        """What comes out, in blocks of whole lines."""
        rest = b""
        while True:
            block = self.stdout.read(BLOCK)
            if not block:
                break
            end = block.rfind(b"\n") + 1
            if end == 0:
                rest += block
                continue
            yield rest + block[:end]
            rest = block[end:]
        if rest:
            yield rest

    def finish(self) -> int:
        """The exit code, DONE or DONE_IN_PART; anything else is raised."""
        code = self._process.wait()
        for thread in self._threads:
            thread.join()
        if self._left_out:
            self.notes.append(f"gwlogs: {self._left_out} more lines like these")
        if self._late:
            raise Error(None, [*self.notes, f"gwlogs: no end after {self._timeout:g} seconds: stopped"])
        if code not in (DONE, DONE_IN_PART):
            raise Error(code, self.notes)
        return code


def run(arguments: Sequence[str], stdin: Optional[bytes] = None, timeout: Optional[float] = None,
        folder: Optional[str] = None) -> tuple[bytes, int, list[str]]:
    """What a run gives as a whole: standard output, exit code, and the lines of standard error."""
    with Child(arguments, stdin, timeout, folder) as child:
        out = child.stdout.read()
        code = child.finish()
        return out, code, child.notes
