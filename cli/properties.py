"""What the properties of a dialogue's state are called, for people.

Names and values in JSON stay those of the state. What only repeats where a property is,
or what the event that it names says, is for programs and left out on a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from cli.moments import moment
from cli.speech import _
from desk.overview import local
from language import mark

if TYPE_CHECKING:
    from desk.difference import Change
    from desk.past import AsOf

FOR_PROGRAMS: Final = {
    *("number", "run", "generation", "seq", "since", "version"),
    "communicated",
}
"""Counters and references: the path tells them, or the history of the dialogue."""

NAMES: Final[Mapping[str, str]] = {
    "title": mark("public title"),
    "question": mark("public question"),
    "status": mark("standing"),
    "paused_at": mark("paused since"),
    "unreachable": mark("not reached"),
    "deadlines": mark("dates to meet"),
    "effects": mark("message"),
    "compensations": mark("act of compensation"),
    "by": mark("done by"),
    "at": mark("done at"),
    "was": mark("before that"),
    "reconfirmed": mark("let stand by event"),
    "ended": mark("ended by event"),
    "voided_by": mark("undone by event"),
    "round": mark("in round"),
    "audience": mark("open to"),
    "invited": mark("was invited"),
    "released": mark("lost the role"),
    "opened": mark("opened at"),
    "closes": mark("closes at"),
    "reminders": mark("reminder"),
    "on_time": mark("responses on time"),
    "late": mark("responses too late"),
    "responded": mark("has responded"),
    "recipients": mark("recipient"),
    "attempt": mark("attempts"),
    "problem": mark("what went wrong"),
    "goal": mark("goal"),
    "help": mark("explanation"),
    "needs": mark("what it builds on"),
    "duration": mark("how long"),
    "required": mark("whether it is required"),
    "signals": mark("reports by other systems"),
    "refused": mark("messages refused"),
    "stakeholders": mark("stakeholder"),
    "impact": mark("affected"),
    "influence": mark("influence"),
    "reached": mark("was reached"),
    "unbriefed": mark("is to be briefed"),
    "kinds": mark("kind of stakeholder"),
    "project_phases": mark("phase of the project"),
    "interests": mark("interest of"),
    "relations": mark("how interests bear on each other"),
    "harvest": mark("the harvest"),
    "reports": mark("a report"),
    "decisions": mark("a decision"),
    "agreements": mark("an agreement"),
    "communications": mark("results that were told"),
    "feedback": mark("feedback that waits"),
    "withdrawn": mark("proposal withdrawn by event"),
    "who": mark("kept by"),
    "due": mark("to be kept before"),
    "watched_by": mark("watched by"),
    "repeats": mark("comes back after so many days"),
    "step": mark("in step"),
    "reminded": mark("was reminded"),
    "overdue": mark("last day has passed"),
    "to_review": mark("has to be looked at again"),
    "supersedes": mark("takes the place of"),
    "superseded_by": mark("place was taken by"),
    "told": mark("was told"),
    "annulled": mark("was annulled"),
    "settled": mark("what came of it"),
    "gates": mark("a gate"),
    "threshold": mark("what it takes"),
    "counts": mark("what was counted"),
    "in_favour": mark("in favour"),
    "against": mark("against"),
    "abstained": mark("abstained"),
    "entitled": mark("may speak"),
    "valid": mark("valid"),
    "passed": mark("whether it passed"),
    "doubted": mark("whether it is in doubt"),
    "confidential": mark("who reads what is confidential"),
    "reflection": mark("looking back"),
    "assessments": mark("self-assessments so far"),
    "evaluations": mark("evaluations so far"),
    "scores": mark("score"),
}

VALUES: Final[Mapping[str, str]] = {
    "running": mark("it runs"),
    "paused": mark("it stands still"),
    "started": mark("begun"),
    "completed": mark("complete"),
    "skipped": mark("skipped"),
    "voided": mark("no longer counts"),
    "cancelled": mark("ended early"),
    "archived": mark("in the archive"),
    "waived": mark("was set aside"),
    "to_reconfirm": mark("has to be confirmed"),
    "open": mark("is open"),
    "closed": mark("is closed"),
    "pending": mark("has to be sent"),
    "planned": mark("is planned"),
    "failed": mark("has failed"),
    "tension": mark("they clash"),
    "synergy": mark("they strengthen each other"),
    "draft": mark("is a draft"),
    "final": mark("is final"),
    "retracted": mark("was retracted"),
    "kept": mark("was kept"),
    "broken": mark("was not kept"),
    "renegotiated": mark("was agreed anew"),
    "lapsed": mark("has lapsed"),
}
"""What a standing is called."""

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def matters(change: Change) -> bool:
    """Tell whether a change is for people: it has a value, and tells something new."""
    if change.path[-1] in FOR_PROGRAMS:
        return False
    return any(one not in (None, [], {}) for one in (change.before, change.after))


def name(part: str) -> str:
    """Give what a property is called; an id is called what it is."""
    return _(NAMES[part]) if part in NAMES else part


def value(change: Change, one: Any, side: AsOf) -> Any:  # noqa: ANN401 (any JSON)
    """Give a value as people read it: a standing in words, a moment on their clock."""
    if isinstance(one, bool):
        return _("yes") if one else _("no")
    if not isinstance(one, str):
        return one
    standing = change.path[-1] in {"status", "was", "settled"}
    if (standing or change.path[0] == "relations") and one in VALUES:
        return _(VALUES[one])
    if _INSTANT.fullmatch(one):
        return moment(local(side.state, datetime.fromisoformat(one)))
    return one
