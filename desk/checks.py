"""The record, checked and folded again, for whoever has to answer for it."""

from __future__ import annotations

from typing import Any, NamedTuple

from desk.desk import NO_RECORD, NO_SCHEMA, one_line
from desk.errors import Unreachable
from evidence.chain import Finding
from storage.errors import SchemaMismatch, StorageError, Unavailable
from storage.pool import connect
from storage.rebuild import Rebuilt, rebuild
from storage.verify import Report
from storage.verify_shares import verify_record

_LONG = 24 * 3_600
"""Seconds that one statement may take where a whole record is read."""


class Checked(NamedTuple):
    """What was looked at and found, as JSON, and whether all is sound."""

    sound: bool
    facts: dict[str, Any]
    findings: list[dict[str, Any]]


async def verify(database: str) -> Checked:
    """Check the whole record at this address. Raises `Unreachable`."""
    try:
        report = await verify_record(database)
    except StorageError as error:
        raise _unreachable(error) from error
    return Checked(report.sound, _facts(report), _written(report.findings))


async def fold_again(database: str) -> Checked:
    """Fold all projections again; what differed is repaired, and not sound."""
    try:
        conn = await connect(database, statement_seconds=_LONG)
        async with conn:
            done: Rebuilt = await rebuild(conn)
    except StorageError as error:
        raise _unreachable(error) from error
    facts = {"dialogues": done.dialogues}
    return Checked(not done.differences, facts, _written(done.differences))


def _unreachable(error: StorageError) -> Unreachable | StorageError:
    if isinstance(error, Unavailable):
        return Unreachable(NO_RECORD, problem=one_line(error))
    if isinstance(error, SchemaMismatch):
        return Unreachable(NO_SCHEMA, problem=one_line(error))
    return error


def _facts(report: Report) -> dict[str, Any]:
    return {
        "events": report.events,
        "streams": report.streams,
        "moreFindings": report.more,
        "vaultChecked": report.vault_checked,
        "pendingPrivate": report.pending,
        "blocked": list(report.blocked),
        "longestDelaySeconds": round(report.drift.total_seconds(), 3),
    }


def _written(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [finding._asdict() for finding in findings]
