"""Reports and decisions as their page shows them: what stands, and what came before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from desk.entries import EntryRow
from desk.in_words.harvest import decided, happened, word
from desk.in_words.mood import Mood
from domain.state import Dialogue
from language.speaking import _
from pages.texts import text_of


class Report(NamedTuple):
    """A report in its chain; ``sight`` is what somebody decides on who retracts it."""

    id: str
    title: str
    status: str
    standing: str
    mood: Mood
    stands: bool
    retracted: bool
    reference: str
    sha256: str
    at: str
    told: int
    step: str | None
    reason: str | None
    sight: str


class Decision(NamedTuple):
    """A decision with its mandate, and whether it stands."""

    id: str
    title: str
    outcome: str
    on: str
    mandate: str | None
    reference: str | None
    standing: str
    mood: Mood
    stands: bool
    to_review: bool
    reason: str | None
    why_annulled: str | None
    step: str | None


def chains(state: Dialogue, rows: Sequence[EntryRow]) -> list[list[Report]]:
    """Give reports in their chains; where a page ends in one the next goes on."""
    found: list[list[Report]] = []
    before: str | None = None
    for row in rows:
        if not found or before != row.id:
            found.append([])
        found[-1].append(_report(state, row))
        before = row.data.get("supersedes")
    return found


def stands(row: EntryRow) -> bool:
    """Whether a report was not retracted, and none took its place."""
    return _report_standing(row.data)[1] == "good"


def _report(state: Dialogue, row: EntryRow) -> Report:
    data, known = row.data, state.harvest.reports.get(row.id)
    standing, mood = _report_standing(data)
    return Report(
        id=row.id,
        title=data["title"],
        status=word(data["status"]),
        standing=standing,
        mood=mood,
        stands=mood == "good",
        retracted=bool(data.get("retracted")),
        reference=data["reference"],
        sha256=data["sha256"],
        at=data["at"],
        told=_many(data.get("told")),
        step=data.get("step"),
        reason=text_of(data.get("reason")),
        sight=f"{known.status}.{known.superseded_by}" if known else "",
    )


def _many(told: object) -> int:
    return told if isinstance(told, int) else 0


def _report_standing(data: Mapping[str, Any]) -> tuple[str, Mood]:
    if data.get("retracted"):
        return _("retracted"), "alarm"
    if by := data.get("superseded_by"):
        return _("its place was taken by {report}").format(report=by), "quiet"
    return _("stands"), "good"


def decisions(rows: Sequence[EntryRow]) -> list[Decision]:
    """Give decisions, in the order in which they come."""
    return [_decision(row) for row in rows]


def _decision(row: EntryRow) -> Decision:
    data = row.data
    annulled: Mapping[str, Any] = data.get("annulled") or {}
    if annulled:
        told = _("annulled by {who}").format(who=annulled["annulled_by"])
        standing: tuple[str, Mood] = told, "alarm"
    elif data.get("to_review"):
        standing = _("does it still stand?"), "alarm"
    else:
        standing = _("stands"), "good"
    return Decision(
        id=row.id,
        title=data["title"],
        outcome=decided(data["outcome"]),
        on=happened(data["decided_on"]),
        mandate=data.get("mandate"),
        reference=data.get("reference"),
        standing=standing[0],
        mood=standing[1],
        stands=not annulled,
        to_review=bool(data.get("to_review")),
        reason=text_of(data.get("reason")),
        why_annulled=text_of(annulled.get("reason")),
        step=data.get("step"),
    )
