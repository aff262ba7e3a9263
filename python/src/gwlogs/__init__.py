"""Windows event logs (.evtx), support bundles, and what is wrong with a self-hosted Integration Runtime, as tables and dicts.

    >>> import gwlogs
    >>> events = gwlogs.events("GATEWAY.evtx", since="7d", level="error")    # a pyarrow.Table: .to_pandas(), or polars.from_arrow(events)
    >>> gwlogs.diagnose("GATEWAY.evtx")["findings"][0]["title"]
    >>> gwlogs.explain("ErrorCode=SqlFailedToConnect,'Type=X,Message=Cannot connect to SQL Database.")

A source is the path of a log, of a folder with logs and bundles in it, of a support bundle or another .zip, each of them also
compressed (.gz, .zst); ``"channel:NAME"`` for a live channel of Windows; or the ``bytes`` of a log or bundle. The work is done by
the program of the same name, which the wheels bring along: what it says about a flag holds for the keyword
(``gwlogs help events``).

The keywords that choose events, the same everywhere, all optional:

=========================  ===========================================================================================
``since``, ``until``       a datetime (UTC if it names no zone), a date, a timedelta (how far back), or text as the flag
                           takes it: ``"7d"``, ``"2026-11-19 15:04"``, ``"yesterday"``
``relative_to``            what ``"7d"`` counts back from: ``"newest"``, the newest event (default), or ``"now"``
``tz``                     the zone of times that are text: ``"UTC"`` (default), ``"local"``, ``"Europe/Paris"``
``id``, ``exclude_id``     a number, a range, text (``"25,100-199"``), or a list of these
``level``                  names or numbers: ``"critical,error"``, ``[1, 2]``
``provider``, ``exclude_provider``, ``channel``, ``computer``, ``keyword``
                           a name, or a list of names; ``*`` and ``?`` stand for anything
``contains``               text in the values of the event; of a list, all of them
``not_contains``           text that must not be in them; of a list, none
``grep``                   a regular expression (RE2) that the message has to match
``where``, ``xpath``       an expression, see ``gwlogs help where``; a query of Event Viewer
``limit``, ``reverse``     the last so many events; the newest first
``merge``                  several logs by time
``recover``                also old events from the unused space of the log (column ``recovered``)
``duplicates``             keep an event that is in several logs; otherwise it counts once
``identity``               files with the age keys of encrypted bundles
``ansi_codec``             code page of texts from before Unicode: ``"windows-1252"``
``threads``                processor cores (default: all)
``shard``                  ``"2/8"``: one of the parts 0 to 7 of the files, by their names
=========================  ===========================================================================================

**Damage is reported, not raised.** What can be read of a damaged log is there; a :class:`DamageWarning` says what is not, and
:func:`notes` and :func:`complete` tell it of a table afterwards. :class:`Error` is raised when nothing useful came out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

import pyarrow as pa

from . import _selection, _tables
from ._program import DONE_IN_PART, DamageWarning, Error, Source, operands, program, run
from ._tables import Batches, complete, notes, schema

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._selection import Diagnosis, Selection

__all__ = [
    "Batches", "DamageWarning", "Error", "Source", "carried", "complete", "diagnose", "endpoints", "error_batches", "errors", "event_batches",
    "events", "explain", "findings", "notes", "program", "report_ids", "schema", "stats",
]

Sources = Union[Source, Sequence[Source]]


def event_batches(sources: Sources, *, columns: Optional[Sequence[str]] = None, timeout: Optional[float] = None,
                  **selection: Unpack[Selection]) -> Batches:
    """The events of logs as they are read, in bounded memory for any size of log: an iterator of ``pyarrow.RecordBatch``.

    ``columns`` chooses columns and their order; ``timeout`` is in seconds, after which :class:`Error` is raised.

        >>> with gwlogs.event_batches("Security.evtx", id=4624) as batches:
        ...     for batch in batches:
        ...         print(batch.num_rows)
        >>> duckdb.sql("select provider, count(*) from batches group by 1")    # with batches = gwlogs.event_batches(…)
    """
    return _batches("events", "events", sources, columns, timeout, _selection.flags(selection))


def events(sources: Sources, *, columns: Optional[Sequence[str]] = None, timeout: Optional[float] = None,
           **selection: Unpack[Selection]) -> pa.Table:
    """The events of logs, one row an event, in the order of the logs.

    ``gwlogs.schema("events")`` tells the columns. ``time`` is in microseconds, UTC; ``time_100ns`` is the same as Windows has
    it: 100 nanoseconds since 1601. ``data`` is a list of ``name`` and ``value``: names may be null, and may come more than
    once. ``columns`` chooses columns and their order; ``timeout`` is in seconds.

    Raises :class:`Error` if nothing could be read; warns with :class:`DamageWarning` if something could not.
    """
    return event_batches(sources, columns=columns, timeout=timeout, **selection).table()


def error_batches(sources: Sources, *, columns: Optional[Sequence[str]] = None, timeout: Optional[float] = None,
                  **selection: Unpack[Selection]) -> Batches:
    """The critical events and the errors as they are read, like :func:`event_batches`."""
    return _batches("errors", "events", sources, columns, timeout, _selection.flags(selection))


def errors(sources: Sources, *, columns: Optional[Sequence[str]] = None, timeout: Optional[float] = None,
           **selection: Unpack[Selection]) -> pa.Table:
    """What went wrong: the critical events and the errors, like :func:`events`."""
    return error_batches(sources, columns=columns, timeout=timeout, **selection).table()


def diagnose(sources: Sources, *, timeout: Optional[float] = None, **options: Unpack[Diagnosis]) -> dict[str, Any]:
    """What is wrong with the gateway, and what to do: state, findings with cause and steps, errors that nothing explains.

    The dict is what ``gwlogs diagnose --format json`` prints (schema ``gwlogs.findings/1``); its times are text, RFC 3339 in
    UTC with seven digits. Beside the selection it takes ``lang`` (``"en"``, ``"fr"``), ``severity`` (the least:
    ``"high"``), ``signatures`` (files or folders of more rules), ``only`` (these rules alone), ``evidence`` (events a finding:
    10). ``sources[].damaged`` counts the damaged places of each log.
    """
    return _document(["diagnose", "--format=json", *_selection.flags(options, _selection.DIAGNOSIS)], *operands(sources), timeout)


def findings(sources: Sources, *, columns: Optional[Sequence[str]] = None, timeout: Optional[float] = None,
             **options: Unpack[Diagnosis]) -> pa.Table:
    """The known problems of :func:`diagnose` as a table: one row a problem and computer (``gwlogs.schema("findings")``)."""
    return _table("diagnose", "findings", sources, columns, timeout, _selection.flags(options, _selection.DIAGNOSIS))


def carried(sources: Sources, *, columns: Optional[Sequence[str]] = None, timeout: Optional[float] = None,
            severity: Optional[str] = None, shard: Optional[str] = None) -> pa.Table:
    """The findings that support bundles have brought along from when they were made: the columns of :func:`findings`, without
    reading a log. ``tool`` says which gwlogs found them; of old bundles ``count`` may be null.
    """
    options = _selection.flags({"severity": severity, "shard": shard}, _selection.DIAGNOSIS)
    return _table("diagnose", "findings", sources, columns, timeout, ["--findings-of-bundles", *options])


def explain(text: str, *, lang: Optional[str] = None, timeout: Optional[float] = None) -> dict[str, Any]:
    """What an error means that you have as text: from the portal, a dialog, the output of an activity, an installer log.

    The dict has the same ``findings`` as :func:`diagnose`.
    """
    if not isinstance(text, str):
        raise TypeError("gwlogs: explain takes text")
    verb = ["explain", "--format=json", *_selection.flags({"lang": lang}, _selection.DIAGNOSIS)]
    return _document(verb, ["--", "-"], text.encode("utf-8", "surrogateescape"), timeout)


def stats(sources: Sources, *, by: str = "id", columns: Optional[Sequence[str]] = None, timeout: Optional[float] = None,
          **selection: Unpack[Selection]) -> pa.Table:
    """What logs hold, in counts: one row a value of ``by``: ``"id"``, ``"provider"``, ``"channel"``, ``"computer"``, ``"level"``,
    ``"day"`` or ``"hour"`` (``gwlogs.schema("counts")``).
    """
    if not isinstance(by, str):
        raise TypeError("gwlogs: by: one word")
    return _table("stats", "counts", sources, columns, timeout, [f"--by={by}", *_selection.flags(selection)])


def report_ids(sources: Sources, *, columns: Optional[Sequence[str]] = None, timeout: Optional[float] = None,
               **selection: Unpack[Selection]) -> pa.Table:
    """The report IDs of logs that were sent to support, event 25 (``gwlogs.schema("report_ids")``)."""
    return _table("report-id", "report_ids", sources, columns, timeout, _selection.flags(selection))


def endpoints(sources: Sources, *, columns: Optional[Sequence[str]] = None, timeout: Optional[float] = None,
              **selection: Unpack[Selection]) -> pa.Table:
    """The addresses and ports that a firewall has to let through, event 401 and others (``gwlogs.schema("endpoints")``)."""
    return _table("firewall", "endpoints", sources, columns, timeout, _selection.flags(selection))


def _batches(verb: str, table: str, sources: Sources, columns: Optional[Sequence[str]], timeout: Optional[float],
             flags: list[str]) -> Batches:
    return Batches([verb, "--format=rows", *flags], sources, _tables.chosen(schema(table), columns), timeout)


def _table(verb: str, table: str, sources: Sources, columns: Optional[Sequence[str]], timeout: Optional[float],
           flags: list[str]) -> pa.Table:
    return _batches(verb, table, sources, columns, timeout, flags).table()


def _document(arguments: list[str], names: list[str], stdin: Optional[bytes], timeout: Optional[float]) -> dict[str, Any]:
    out, code, lines = run([*arguments, *names], stdin, timeout)
    if code == DONE_IN_PART:
        _tables.warn(lines)
    document: dict[str, Any] = json.loads(out)
    return document
