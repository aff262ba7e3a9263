"""Keywords as flags of the program: since=datetime(…) is --since 2026-11-19T00:00:00Z."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Callable, Union

if TYPE_CHECKING:
    from typing_extensions import TypedDict

    Texts = Union[str, Iterable[str]]
    Numbers = Union[int, str, range, Iterable[Union[int, str, range]]]
    Moment = Union[str, datetime.datetime, datetime.date, datetime.timedelta]
    Path = Union[str, "os.PathLike[str]"]

    class Selection(TypedDict, total=False):
        """Which events, and how logs are read. The words are those of the flags of the program, see `gwlogs help events`."""

        since: Moment
        until: Moment
        relative_to: str
        id: Numbers
        exclude_id: Numbers
        level: Numbers
        provider: Texts
        exclude_provider: Texts
        channel: Texts
        computer: Texts
        contains: Texts
        not_contains: Texts
        keyword: Texts
        where: str
        xpath: str
        grep: str
        tz: str
        limit: int
        reverse: bool
        merge: bool
        recover: bool
        duplicates: bool
        identity: Union[Path, Iterable[Path]]
        ansi_codec: str
        threads: int
        shard: str

    class Diagnosis(Selection, total=False):
        """What `gwlogs diagnose` takes besides."""

        lang: str
        severity: str
        signatures: Union[Path, Iterable[Path]]
        only: bool
        evidence: int


def _moment(value: Any) -> str:
    if isinstance(value, datetime.timedelta):  # how far back
        seconds = value.total_seconds()
        if seconds < 0:
            raise ValueError("how far back cannot be negative")
        return f"{round(seconds)}s"
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        return f"{value.isoformat()}Z"  # without a zone it is UTC, as in the logs
    if isinstance(value, datetime.date):
        return str(value.isoformat())
    return _text(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return str(value)


def _path(value: Any) -> str:
    return _text(os.fspath(value))


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return str(value)


def _numbers(value: Any) -> str:
    if isinstance(value, range):
        if value.step != 1 or len(value) == 0:
            raise ValueError(f"{value!r}: only ranges of all numbers from one to another")
        return f"{value[0]}-{value[-1]}"
    return value if isinstance(value, str) else _number(value)


_Text = Callable[[Any], str]


def _one(text: _Text) -> Callable[[str, Any], list[str]]:
    return lambda flag, value: [f"{flag}={text(value)}"]


def _each(text: _Text) -> Callable[[str, Any], list[str]]:
    return lambda flag, value: [f"{flag}={text(v)}" for v in _several(value)]


def _together(text: _Text) -> Callable[[str, Any], list[str]]:
    def flags(flag: str, value: Any) -> list[str]:
        listed = ",".join(text(v) for v in _several(value))
        if not listed:
            raise ValueError("an empty list selects nothing")
        return [f"{flag}={listed}"]

    return flags


def _several(value: Any) -> list[Any]:
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, range, os.PathLike)):
        return list(value)
    return [value]


def _switch(flag: str, value: Any) -> list[str]:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither True nor False")
    return [flag] if value else []


SELECTION: dict[str, Callable[[str, Any], list[str]]] = {
    "since": _one(_moment), "until": _one(_moment), "relative_to": _one(_text),
    "id": _together(_numbers), "exclude_id": _together(_numbers), "level": _together(_numbers),
    "provider": _each(_text), "exclude_provider": _each(_text), "channel": _each(_text), "computer": _each(_text),
    "contains": _each(_text), "not_contains": _each(_text), "keyword": _each(_text),
    "where": _one(_text), "xpath": _one(_text), "grep": _one(_text), "tz": _one(_text),
    "limit": _one(_number), "reverse": _switch, "merge": _switch, "recover": _switch, "duplicates": _switch,
    "identity": _each(_path), "ansi_codec": _one(_text), "threads": _one(_number), "shard": _one(_text),
}
DIAGNOSIS = {
    **SELECTION,
    "lang": _one(_text), "severity": _one(_text), "signatures": _each(_path), "only": _switch, "evidence": _one(_number),
}


def flags(keywords: Mapping[str, Any], known: Mapping[str, Callable[[str, Any], list[str]]] = SELECTION) -> list[str]:
    """The flags for keywords. A keyword that is None is as if it were not there."""
    arguments = []
    for name, value in keywords.items():
        if name not in known:
            raise TypeError(f"gwlogs: there is no {name!r}: the keywords are {', '.join(sorted(known))}")
        if value is None:
            continue
        try:
            arguments += known[name]("--" + name.replace("_", "-"), value)
        except (TypeError, ValueError) as why:
            raise type(why)(f"gwlogs: {name}: {why}") from None
    return arguments
