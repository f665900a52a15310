"""Events as sentences: what happened, with the titles of the method."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from desk.in_words.answers import ANSWERS, answer_facts
from desk.in_words.dossier import DOSSIER_PRIVATE, DOSSIER_SENTENCES, dossier_facts
from desk.in_words.harvest import (
    HARVEST_PRIVATE,
    HARVEST_SENTENCES,
    HARVEST_WORDS,
    harvest_facts,
    of_several,
)
from desk.in_words.meetings import (
    MEETING_PRIVATE,
    MEETING_SENTENCES,
    MEETING_WORDS,
    meeting_facts,
)
from desk.in_words.moments import last_moment, short_day
from desk.in_words.plans import PLAN_SENTENCES, plan_facts
from desk.in_words.windows import WINDOW_SENTENCES, special, window_facts
from desk.overview import Overview, local
from domain.alarms import CLOCK_ACTOR
from language import mark
from language.speaking import _

SENTENCES: Final[Mapping[str, str]] = {
    "dialogue_started": mark("The dialogue began: {title}."),
    "dialogue_paused": mark("The dialogue was paused; its windows stand still."),
    "dialogue_resumed": mark("The dialogue goes on; its windows run again."),
    "dialogue_completed": mark("The dialogue was completed."),
    "dialogue_cancelled": mark("The dialogue was cancelled."),
    "dialogue_archived": mark("The dialogue was archived."),
    "calendar_renewed": mark("The dialogue got a newer calendar."),
    "dialogue_restored": mark("The dialogue was restored from its record."),
    "deadline_moved": mark("The date for “{title}” moved from {was} to {date}."),
    "items_completed": mark("Done: {items}."),
    "items_reconfirmed": mark("Still stands: {items}."),
    "items_waived": mark("Set aside: {items}."),
    "items_reopened": mark("Open again: {items}."),
    "step_started": mark("Step “{step}” started, round {round}."),
    "step_completed": mark("Step “{step}” was completed, round {round}."),
    "step_skipped": mark("Step “{step}” was skipped."),
    "window_opened": mark("Window “{window}” opened for {audience}, {until}."),
    "window_extended": mark("Window “{window}” was extended, {until}."),
    "window_shortened": mark("Window “{window}” was shortened, {until}."),
    "window_closed": mark(
        "Window “{window}” closed. Responses on time: {on_time}, late: {late}; "
        "silent: {silent}."
    ),
    "audience_reminded": mark("Reminder of window “{window}”, to the silent: {count}."),
    "response_recorded": mark("Response of {respondent} in window “{window}”."),
    "response_late": mark("Response of {respondent} in window “{window}”, too late."),
    "step_revisited": mark("Step “{step}” was returned to: round {round}."),
    "step_voided": mark("Step “{step}”, round {round}, no longer stands."),
    "window_voided": mark("Window “{window}” no longer counts."),
    "compensation_planned": mark("To be undone: {undoes} ({act}) [{compensation}]."),
    "compensation_started": mark("Compensation {compensation} began."),
    "compensation_completed": mark(
        "Compensation {compensation} was carried out; people told: {count}, not "
        "reached: {unreached}."
    ),
    "compensation_failed": mark("Compensation {compensation} failed: {problem}."),
    "compensation_waived": mark("Compensation {compensation} was waived."),
    "effect_completed": mark(
        "Message “{notice}”: people told: {count}, not reached: {unreached}."
    ),
    "effect_failed": mark(
        "Message “{notice}” could not be sent: {problem} [{effect}]."
    ),
    "effect_retried": mark("Message {effect} is tried again."),
    "effect_waived": mark("Message {effect} was left unsent."),
    "role_assigned": mark("{actor} got the role {role}."),
    "role_released": mark("{actor} no longer has the role {role}."),
    "stakeholder_registered": mark(
        "{stakeholder} is on the register of stakeholders{owed}."
    ),
    "stakeholder_changed": mark("The register says something else of {stakeholder}."),
    "stakeholder_released": mark("{stakeholder} left the dialogue."),
    "engagement_planned": mark("It was planned how far people are engaged: {who}."),
    "latecomer_briefed": mark(
        "{stakeholder} joined late and was briefed on what had been agreed."
    ),
    "briefing_waived": mark("{stakeholder} joined late and was not briefed."),
    "role_handed_over": mark("The role {role} passed from {actor} to {successor}."),
    "participation_declined": mark(
        "{who} asked to take part and was turned down{where}."
    ),
    "interest_recorded": mark("{stakeholder} wants something: {interest}."),
    "interest_changed": mark("What {stakeholder} wants has changed: {interest}."),
    "interest_withdrawn": mark("Interest {interest} is off the table."),
    "interests_related": mark("Interests {one} and {other}: {kind}."),
    "interests_unrelated": mark(
        "{one} and {other} have nothing to do with each other after all."
    ),
    **HARVEST_SENTENCES,
    **PLAN_SENTENCES,
    **WINDOW_SENTENCES,
    **ANSWERS,
    **DOSSIER_SENTENCES,
    **MEETING_SENTENCES,
    "signal_noted": mark("{source} reported: {type} {reference}"),
    "command_refused": mark("A message was refused: {name} ({error})."),
    "personal_data_erased": mark("Texts that are not, or no longer, kept: {paths}."),
}
"""A sentence for every type of event, and one for a late response."""

WORDS: Final[Mapping[str, str]] = {
    "withdraw_invitation": mark("withdraw the invitation"),
    "retract_report": mark("retract the report"),
    "void_window": mark("void the window"),
    **HARVEST_WORDS,
    "tell": mark("tell those who were told"),
    "window_reminder": mark("reminder"),
    "window_opened": mark("window opened"),
    "window_extended": mark("window extended"),
    "window_shortened": mark("window shortened"),
    "window_resumed": mark("window runs on"),
    "window_closed": mark("window closed"),
    "answer_given": mark("answer to a response"),
    **MEETING_WORDS,
}
"""What acts of compensation and messages are called."""

RELATED: Final[Mapping[str, str]] = {
    "tension": mark("clash"),
    "synergy": mark("strengthen each other"),
}
"""How two interests bear on each other."""

PRIVATE: Final[Mapping[str, str]] = {
    "reason": mark("reason"),
    "note": mark("note"),
    "response": mark("response"),
    "name": mark("name"),
    "address": mark("address"),
    **HARVEST_PRIVATE,
    **MEETING_PRIVATE,
    **DOSSIER_PRIVATE,
    "organisation": mark("organisation"),
    "constituency": mark("constituency"),
    "mandate": mark("may promise"),
    "text": mark("text"),
}
"""What private fields are called."""


def told(view: Overview, members: Mapping[str, Any]) -> str:
    """Tell an event in one sentence."""
    kind, data = members["type"], members["data"]
    kind = of_several(special(kind, data), data)
    if kind == "response_recorded" and data["late"]:
        kind = "response_late"
    if kind == "report_retracted" and data["by"]:
        kind = "report_voided"
    sentence = SENTENCES.get(kind)
    return _(sentence).format_map(_facts(view, data)) if sentence else str(kind)


def _facts(view: Overview, data: Mapping[str, Any]) -> dict[str, Any]:
    titles = view.titles
    facts: dict[str, Any] = dict(data) | _listed(view, data)
    for name, title in (("step", titles.step), ("window", titles.window)):
        if data.get(name):
            facts[name] = title(data[name])
    if "role" in data:
        facts["role"] = titles.role(data["role"])
    if "undoes" in data:
        about = data.get("of")
        facts["undoes"] = about["heading"] if about else titles.part(data["undoes"])
    if "was_ends" in data:
        facts["was"], facts["date"] = _day(data["was"]), _day(data["date"])
    if "audience" in data:
        public = data["audience"] == "public"
        facts["audience"] = _("the public") if public else titles.role(data["audience"])
    if "closes" in data:
        facts["until"] = last_moment(local(view.state, _instant(data["closes"])))
    for name in ("act", "notice", "kind"):
        if name in data:
            word = str(data[name])
            facts[name] = _(WORDS.get(word) or RELATED.get(word) or word)
    people: list[str] | int = data.get("sent") or data.get("silent") or []
    facts["count"] = people if isinstance(people, int) else len(people)
    owed = _("; they joined late, and are to be briefed")
    facts["owed"] = owed if data.get("late") is True else ""
    facts["unreached"] = len(data.get("undeliverable") or ())
    facts["reference"] = data.get("reference") or ""
    facts |= answer_facts(data)
    facts |= plan_facts(view, data)
    facts |= window_facts(data)
    facts |= meeting_facts(view, data)
    facts["where"] = _where(facts)
    return facts | harvest_facts(view, data) | dossier_facts(view, data)


def _where(facts: Mapping[str, Any]) -> str:
    """Say what somebody asked to take part in."""
    what = facts.get("window") or facts.get("meeting")
    return f" ({what})" if what else ""


def _listed(view: Overview, data: Mapping[str, Any]) -> dict[str, str]:
    lists: dict[str, str] = {}
    if "kinds" in data:
        lists["who"] = ", ".join((*data["stakeholders"], *data["kinds"]))
    if "items" in data:
        lists["items"] = "; ".join(map(view.titles.item, data["items"]))
    if "paths" in data:
        lists["paths"] = ", ".join(_place(*place) for place in data["paths"])
    return lists


def _place(seq: int, pointer: str) -> str:
    name = pointer.removeprefix("/")
    return f"{seq} ({_(PRIVATE.get(name, name))})"


def who(view: Overview, members: Mapping[str, Any]) -> str:
    """Say who acted, in which role."""
    actor = members["actor"]
    if actor["id"] == CLOCK_ACTOR.id:
        return _("Polder itself")
    role = view.titles.role(actor["role"])
    return _("{actor}, as {role}").format(actor=actor["id"], role=role)


def when(view: Overview, members: Mapping[str, Any]) -> datetime:
    """Give an event's moment on the dialogue's wall clock."""
    return local(view.state, _instant(members["at"]))


def _day(text: str) -> str:
    return short_day(date.fromisoformat(text))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
