"""What the forms about people ask for, as commands of the domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from desk.people import WORDS
from domain.state import Dialogue
from language import mark
from pages.dialogue.lengths import Wanted
from pages.dialogue.offers import body_of
from pages.doing import for_a_reason
from pages.naming import NO_ID, is_id
from pages.said import says
from pages.typing_in import Form

SAID: Final[Mapping[str, str]] = {
    "register_stakeholder": says(
        "stakeholder-registered", mark("They are on the register.")
    ),
    "change_stakeholder": says(
        "stakeholder-changed", mark("The register says so now.")
    ),
    "release_stakeholder": says(
        "stakeholder-released", mark("They have left; what they brought stays.")
    ),
    "plan_engagement": says(
        "engagement-planned", mark("The plan of engagement is on record.")
    ),
    "brief_latecomer": says(
        "latecomer-briefed", mark("They know now what was agreed before.")
    ),
    "waive_briefing": says(
        "briefing-waived", mark("It is on record why they get no briefing.")
    ),
    "decline_participation": says(
        "participation-declined", mark("The request and the answer are on record.")
    ),
}
"""What is said after each act."""

NOTHING_NEW: Final = mark("Change something first; this is what the register says.")
_NO_LEVEL: Final = mark("Choose for whom, in which phase, and how far.")
_NO_TITLE: Final = mark("Write what this phase of the project is called.")
_WEIGHTS: Final = frozenset({"0", "1", "2", "3"})
NONE: Final = "-"
"""Stands in a choice for a level that is taken back."""


def wanted(form: Form, state: Dialogue) -> Wanted | None:
    """Read which act a form asks for; None for one that there is not."""
    read = _READS.get(form["act"])
    return read(form, state) if read else None


def _registered(form: Form, _state: Dialogue) -> Wanted:
    lacking = "" if is_id(form.text("stakeholder")) else NO_ID
    return Wanted("register_stakeholder", _register(form), lacking, "stakeholder")


def _released(form: Form, _state: Dialogue) -> Wanted:
    who = form.text("stakeholder")
    return for_a_reason("release_stakeholder", form, "release-reason", stakeholder=who)


def _waived(form: Form, _state: Dialogue) -> Wanted:
    who = form.text("stakeholder")
    return for_a_reason("waive_briefing", form, "waive-reason", stakeholder=who)


def _briefed(form: Form, _state: Dialogue) -> Wanted:
    body = body_of(stakeholder=form.text("stakeholder"), note=form.text("brief-note"))
    return Wanted("brief_latecomer", body, field="brief-note")


def _register(form: Form) -> Mapping[str, Any]:
    return body_of(
        stakeholder=form.text("stakeholder"),
        kind=form.text("kind"),
        reached=True if form["reached"] == "yes" else None,
        **{name: form.text(name) for name in WORDS},
        **{name: _weight(form, name) for name in ("impact", "influence")},
    )


def _weight(form: Form, name: str) -> int | None:
    return int(form[name]) if form[name] in _WEIGHTS else None


def _changed(form: Form, _state: Dialogue) -> Wanted:
    """Name only what is another than it was when the form was made."""
    told: dict[str, Any] = {}
    for name in ("impact", "influence", "reached", "kind", *WORDS):
        if form.text(name) != form.text(f"was-{name}"):
            told[name] = form.text(name)
    told |= {n: _weight(form, n) for n in ("impact", "influence") if n in told}
    if told.get("reached"):
        told["reached"] = form["reached"] == "yes"
    told = dict(body_of(**told))
    body = {"stakeholder": form.text("stakeholder"), **told}
    return Wanted("change_stakeholder", body, "" if told else NOTHING_NEW, "impact")


def _planned(form: Form, _state: Dialogue) -> Wanted:
    """Read a phase of the project; or levels: somebody's, or one of somebody or all."""
    if "title" in form:
        title = form.text("title")
        body = {"phases": {form.text("phase"): title}}
        lacking = "" if title else _NO_TITLE
        return Wanted("plan_engagement", body, lacking, "phase-title")
    if not form["whom"]:
        return _levels(form)
    level, phase = form.text("level"), form.text("phase")
    body = {"levels": {form["whom"]: {phase: None if level == NONE else level}}}
    lacking = "" if level and phase else _NO_LEVEL
    return Wanted("plan_engagement", body, lacking, "whom")


def _levels(form: Form) -> Wanted:
    """Read one person's levels, those that are another than they were."""
    levels: dict[str, str | None] = {}
    for name in form:
        first, _, phase = name.partition(":")
        if first == "level" and form[name] != form[f"was-{name}"]:
            levels[phase] = form.text(name)
    body = {"levels": {form.text("stakeholder"): levels}}
    return Wanted("plan_engagement", body, "" if levels else NOTHING_NEW, "levels")


def _declined(form: Form, _state: Dialogue) -> Wanted:
    """Read a request that was turned down: for a window, a meeting, or all of it."""
    where, _, name = form["where"].partition(":")
    about = {where: name} if where in {"window", "meeting"} else {}
    who = form.text("who")
    found = for_a_reason(
        "decline_participation", form, "decline-reason", who=who, **about
    )
    if is_id(who):
        return found
    return found._replace(missing=NO_ID, field="decline-who")


_READS: Final[Mapping[str, Callable[[Form, Dialogue], Wanted]]] = {
    "register_stakeholder": _registered,
    "change_stakeholder": _changed,
    "release_stakeholder": _released,
    "plan_engagement": _planned,
    "brief_latecomer": _briefed,
    "waive_briefing": _waived,
    "decline_participation": _declined,
}
