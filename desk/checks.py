"""The record, checked and folded again, for whoever has to answer for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from desk.reachable import reaching
from desk.remarks import REASONS
from desk.verdicts import UnusableKey, file_of, known_keys
from domain.facts import written
from evidence.chain import Finding
from evidence.checkpoint import Checkpoint, verify_checkpoint
from evidence.errors import EvidenceError
from evidence.note import VerifierKey, parse_key
from evidence.verdict import Verdict, verdict_of
from language import mark
from storage.destroying import destroyed
from storage.logkey import public_path
from storage.pool import connect
from storage.rebuild import Rebuilt, rebuild
from storage.verify import Report, snapshot
from storage.verify_log import LogReport, verify_log
from storage.verify_mandates import Remark, check_mandates
from storage.verify_shares import verify_record

_SINCE_WITHOUT_KEY: Final = mark("--since needs the log's key: give it with --key.")
_LONG = 24 * 3_600
"""Seconds that one statement may take where a whole record is read."""


class Checked(NamedTuple):
    """What was looked at and found, as JSON, and what it comes to."""

    verdict: Verdict
    facts: dict[str, Any]
    findings: list[dict[str, Any]]

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong, and nothing left undecided."""
        return self.verdict == Verdict.SOUND


async def verify(
    database: str,
    *,
    keys: Sequence[str] = (),
    since: str | None = None,
    log_key: Path | None = None,
    vault_keys: str | None = None,
    proof_only: bool = False,
) -> Checked:
    """Check the whole record at this address, and its log.

    ``keys`` are the log's verifier keys, as text or files; where none are given those
    beside ``log_key`` do; ``vault_keys`` is where those of private texts are, if not
    beside the record. ``since`` is the file of an older checkpoint. ``proof_only``
    leaves out the vault and the projections, on which no proof rests. Raises
    `Unreachable`, `NotFound`, and `UnusableKey`.
    """
    trusted = _trusted(keys, log_key)
    older, problems = _older(since, trusted)
    with reaching():
        report = await verify_record(database, keys=vault_keys, proof_only=proof_only)
        log = await _log(database, trusted, older)
        remarks = await _remarks(database)
    findings = (*report.findings, *log.findings, *problems, *_unsound(remarks))
    facts: dict[str, Any] = {
        **_facts(report),
        "log": _log_facts(log, older),
        "remarks": [written_remark(each) for each in remarks if not each.unsound],
    }
    facts["moreFindings"] += log.more
    return Checked(verdict_of(findings), facts, _written(findings))


async def _log(
    database: str, keys: Sequence[VerifierKey], older: Checkpoint | None
) -> LogReport:
    conn = await connect(database, statement_seconds=_LONG)
    async with conn, snapshot(conn):
        gone = frozenset(await destroyed(conn))
        return await verify_log(conn, keys, older, gone)


async def _remarks(database: str) -> list[Remark]:
    conn = await connect(database, statement_seconds=_LONG)
    async with conn, snapshot(conn):
        return await check_mandates(conn)


def _unsound(remarks: Sequence[Remark]) -> list[Finding]:
    """Give the acts under a mandate that is not on record: no mere remarks."""
    return [
        Finding(each.stream, each.seq, "mandate", REASONS[each.reason])
        for each in remarks
        if each.unsound
    ]


def written_remark(remark: Remark) -> dict[str, Any]:
    """Give a remark as JSON: an act outside its mandate, and why."""
    return {**remark._asdict(), "at": written(remark.at)}


def _trusted(keys: Sequence[str], log_key: Path | None) -> list[VerifierKey]:
    told = list(keys)
    if not told and log_key is not None and public_path(log_key).exists():
        told = [str(public_path(log_key))]
    return [parse_key(text) for text in known_keys(told)]


def _older(
    since: str | None, keys: Sequence[VerifierKey]
) -> tuple[Checkpoint | None, list[Finding]]:
    """Read the checkpoint that somebody kept, and believe it only if it is signed."""
    if since is None:
        return None, []
    if not keys:
        raise UnusableKey(_SINCE_WITHOUT_KEY)
    try:
        return verify_checkpoint(file_of(since), keys).checkpoint, []
    except EvidenceError as error:
        return None, [Finding("", None, "since", str(error))]


def _log_facts(log: LogReport, older: Checkpoint | None) -> dict[str, Any]:
    compared = older and not any(found.check == "since" for found in log.findings)
    return {
        "leaves": log.leaves,
        "checkpoints": log.checkpoints,
        "unsealed": log.unsealed,
        "unsealedSince": log.unsealed_since and written(log.unsealed_since),
        "signaturesChecked": log.signatures_checked,
        "since": older.size if older and compared else None,
    }


async def fold_again(database: str) -> Checked:
    """Fold all projections again; what differed is repaired, and not sound."""
    with reaching():
        conn = await connect(database, statement_seconds=_LONG)
        async with conn:
            done: Rebuilt = await rebuild(conn)
    facts = {"dialogues": done.dialogues}
    return Checked(verdict_of(done.differences), facts, _written(done.differences))


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
