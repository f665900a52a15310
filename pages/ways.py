"""Where in the pages something is done: an act that would help, as a link with words.

Advice of the desk is a command of the domain. Whoever reads a page wants the place
where that command is a form with everything around it that it takes to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from urllib.parse import quote

from desk.advice import Advice
from domain.audiences import whole_window
from language import mark

Body = Mapping[str, str | tuple[str, ...]]


class Way(NamedTuple):
    """An address in the pages, and the act that is done there: a key of `language`."""

    href: str
    label: str


def dialogue_path(stream: str, *parts: str, at: str = "") -> str:
    """Give the address of a page of a dialogue, at a place in it."""
    path = "/".join(quote(part, safe=":.") for part in (stream, *parts))
    return f"/dialogues/{path}" + (f"#{quote(at, safe='.')}" if at else "")


def item_anchor(item: str) -> str:
    """Give the name of an item's place on its step's page."""
    return f"item-{item}"


def _items(stream: str, body: Body) -> str:
    item = str(body["items"][0])
    return dialogue_path(stream, "steps", item.partition(".")[0], at=item_anchor(item))


def _step(at: str = "") -> Callable[[str, Body], str]:
    return lambda stream, body: dialogue_path(stream, "steps", str(body["step"]), at=at)


def _window(at: str = "") -> Callable[[str, Body], str]:
    def where(stream: str, body: Body) -> str:
        whole = whole_window(str(body["window"]))
        return dialogue_path(stream, "windows", whole, at=at)

    return where


def _gate(stream: str, body: Body) -> str:
    gate = str(body["gate"])
    return dialogue_path(stream, "steps", gate.partition(".")[0], at=f"gate-{gate}")


def _responses(stream: str, body: Body) -> str:
    window = quote(str(body["window"]), safe=".")
    return f"{dialogue_path(stream, 'responses')}?window={window}"


def _back(stream: str, body: Body) -> str:
    return dialogue_path(stream, "back", str(body["step"]))


def _roles(stream: str, body: Body) -> str:
    return dialogue_path(stream, "roles", at=f"role-{body['role']}")


def _agreement(stream: str, body: Body) -> str:
    return dialogue_path(stream, "agreements", str(body["agreement"]))


def _on(page: str, at: str = "") -> Callable[[str, Body], str]:
    return lambda stream, _body: dialogue_path(stream, page, at=at)


_WAYS: Final[Mapping[str, tuple[Callable[[str, Body], str], str]]] = {
    "complete_items": (_items, mark("Complete it")),
    "reconfirm_items": (_step("reconfirm"), mark("Look whether it still stands")),
    "start_step": (_step("act"), mark("Start this step")),
    "complete_step": (_step("act"), mark("Complete this step")),
    "open_window": (_window("open"), mark("Open the window")),
    "remind_window": (_window("silent"), mark("See who is silent")),
    "record_response": (_window(), mark("See what is asked")),
    "invite_to_window": (_window("invite"), mark("Invite people")),
    "assign_role": (_roles, mark("Say who it is")),
    "answer_response": (_responses, mark("Answer the responses")),
    "tell_answers_again": (_responses, mark("Send the answers again")),
    "record_gate": (_gate, mark("Record the outcome")),
    "revisit_step": (_back, mark("See what returning does")),
    "retry_compensation": (_on("effects"), mark("See what failed")),
    "retry_effect": (_on("effects"), mark("See what failed")),
    "waive_effect": (_on("effects"), mark("See what failed")),
    "brief_latecomer": (_on("people"), mark("Brief them")),
    "change_stakeholder": (_on("people"), mark("Say that they were reached")),
    "register_stakeholder": (_on("people"), mark("Register them")),
    "settle_agreement": (_agreement, mark("Say what came of it")),
    "remind_agreement": (_agreement, mark("Remind them of it")),
    "reconfirm_agreement": (_agreement, mark("Say whether it stands")),
    "reconfirm_decision": (_on("reports"), mark("Say whether it stands")),
    "answer_late_feedback": (_on("reports"), mark("Answer it")),
    "invite": (_on("meetings"), mark("Invite them again")),
    "record_attendance": (_on("meetings"), mark("Record who was there")),
    "resume_dialogue": (_on("life", "resume"), mark("Go on with the dialogue")),
    "complete_dialogue": (_on("life", "complete"), mark("Complete the dialogue")),
    "archive_dialogue": (_on("life", "archive"), mark("Archive the dialogue")),
    "cancel_dialogue": (_on("life", "cancel"), mark("End the dialogue")),
}

_PLACES: Final[Mapping[str, tuple[str, str]]] = {
    "deadline_passed": ("life", mark("Move the date")),
    "deadline_soon": ("life", mark("See the date")),
    "meeting_soon": ("meetings", mark("See the meeting")),
    "suspended": ("life", mark("See why it stands still")),
    "unreadable": ("history", mark("Look into it")),
}
"""Where what needs somebody is looked at, if no one command answers it."""

_BY_NEED: Final[Mapping[str, str]] = {
    "unreachable": mark("Fill in the address"),
    "agreement_unreached": mark("Fill in the address"),
}
"""What is done where one command answers several needs, each in its own way."""

_STEPS: Final = frozenset({"extra_attention"})
_WINDOWS: Final = frozenset(
    {"window_overdue", "window_closes_soon", "silent", "respond"}
)


def way(stream: str, advice: Advice) -> Way:
    """Give where advice is followed, in words of the act."""
    where, label = _WAYS.get(advice.kind, (_on(""), mark("Open the dialogue")))
    return Way(where(stream, advice.body).rstrip("/"), label)


def way_of_need(stream: str, kind: str, target: str, advice: Advice | None) -> Way:
    """Give where something that needs somebody is seen to: a need, or a task."""
    if advice is not None:
        found = way(stream, advice)
        return found._replace(label=_BY_NEED.get(kind, found.label))
    if kind in _WINDOWS and target:
        href = dialogue_path(stream, "windows", whole_window(target))
        return Way(href, mark("Look at the window"))
    if kind in _STEPS and target:
        return Way(dialogue_path(stream, "steps", target), mark("Look at the step"))
    if kind in _PLACES:
        page, label = _PLACES[kind]
        return Way(dialogue_path(stream, page), label)
    return Way(dialogue_path(stream), mark("Open the dialogue"))
