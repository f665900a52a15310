"""Changes of the plan in sentences: what was added, changed, moved and dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from language import mark
from language.speaking import _

if TYPE_CHECKING:
    from desk.overview import Overview

PLAN_SENTENCES: Final[Mapping[str, str]] = {
    "plan_amended": mark("The plan was changed: {changes}."),
    "method_migrated": mark(
        "The dialogue went over from {was_method} to {to_method}{behind}{lapsed}."
    ),
    "track_opened": mark("Track “{title}” was opened [{track}]: {copies}."),
    "track_closed": mark("Track “{track_title}” was closed: {track_outcome}."),
}
"""A sentence for every type of event about the plan."""

CHANGES: Final[Mapping[str, str]] = {
    "add_phase": mark("phase “{title}” added"),
    "change_phase": mark("phase “{title}” changed"),
    "add_step": mark("step “{title}” added"),
    "change_step": mark("step “{title}” changed ({members})"),
    "drop_step": mark("step “{title}” dropped"),
    "move_step": mark("step “{title}” moved"),
    "add_item": mark("item “{title}” added to “{step}”"),
    "change_item": mark("item “{title}” changed ({members})"),
    "drop_item": mark("item “{title}” dropped"),
    "add_window": mark("window “{title}” added to “{step}”"),
    "change_window": mark("window “{title}” changed ({members})"),
    "drop_window": mark("window “{title}” dropped"),
    "add_role": mark("role “{title}” added"),
    "change_completion": mark("other steps needed to complete the dialogue"),
    "copy_steps": mark("steps copied to track “{title}”"),
    "rename_parts": mark("parts kept under the names they had"),
}
"""What each change does, in words."""

MEMBERS: Final[Mapping[str, str]] = {
    "title": mark("title"),
    "number": mark("number"),
    "goal": mark("goal"),
    "needs": mark("what it builds on"),
    "owner": mark("who answers for it"),
    "role": mark("whose it is"),
    "help": mark("explanation"),
    "required": mark("whether it is required"),
    "gate": mark("whether it is a gate"),
    "gates": mark("gates"),
    "duration": mark("how long"),
    "audience": mark("who is asked"),
    "audiences": mark("further audiences"),
    "reminders": mark("reminders"),
    "late": mark("late responses"),
    "opens": mark("what opens it"),
    "may_close_early": mark("closing early"),
    "may_overlap": mark("overlap"),
    "sub": mark("its points"),
    "completion": mark("when it is complete"),
    "revisit": mark("what going back undoes"),
    "undescribed": mark("whether it is described"),
}
"""What members of a part are called."""

OUTCOMES: Final[Mapping[str, str]] = {
    "complete": mark("all its steps were done"),
    "stopped": mark("it was stopped"),
}
"""How a track closes."""


def plan_facts(view: Overview, data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what sentences about the plan name, of an event's data."""
    facts: dict[str, Any] = {}
    if "changes" in data and "parts" in data:
        facts["changes"] = "; ".join(changes_told(view, data))
    if "was" in data and "mapping" in data:
        facts["was_method"] = _method(data["was"])
        facts["to_method"] = _method(data["method"])
        facts["behind"] = _behind(data["mapping"])
        facts["lapsed"] = _lapsed(view, data.get("lapsed", ()))
    if "copies" in data:
        facts["copies"] = ", ".join(map(view.titles.step, data["copies"]))
    if "track" in data and "outcome" in data:
        track = view.state.tracks.get(data["track"])
        facts["track_title"] = track.title if track else data["track"]
        facts["track_outcome"] = _(OUTCOMES[data["outcome"]])
    return facts


def _method(reference: Mapping[str, Any]) -> str:
    return f"{reference['id']} {reference['version']}"


def _behind(mapping: Mapping[str, Any]) -> str:
    left = [name for name, becomes in mapping.items() if becomes is None]
    if not left:
        return ""
    return _("; stayed behind: {parts}").format(parts=", ".join(left))


def _lapsed(view: Overview, found: Sequence[Mapping[str, Any]]) -> str:
    """Say which earlier changes no longer hold."""
    told = (
        _(CHANGES[each["change"]]).format(
            title=view.titles.part(each.get("part", "")),
            step=view.titles.step(each.get("part", "").partition(".")[0]),
            members=", ".join(map(member, each.get("members", ()))),
        )
        for each in found
    )
    changes = "; ".join(told)
    return _("; no longer holds: {changes}").format(changes=changes) if found else ""


def changes_told(view: Overview, data: Mapping[str, Any]) -> Iterator[str]:
    """Tell each change of an event, in words."""
    titles, parts = view.titles, data.get("parts", {})
    for change in data["changes"]:
        sentence = CHANGES[change["change"]]
        part = _part(change)
        text = parts.get(part) or _new_title(change)
        members = (member(name) for name in change.get("to", ()))
        step = change.get("step")
        yield _(sentence).format(
            title=titles.text(text) if text else titles.part(part),
            step=titles.step(step) if isinstance(step, str) else "",
            members=", ".join(members),
        )


def _part(change: Mapping[str, Any]) -> str:
    """Give the id of the part that a change is about."""
    named = (change.get(kind) for kind in ("item", "window", "step", "phase", "track"))
    return next((name for name in named if isinstance(name, str)), "")


def member(name: str) -> str:
    """Say what a member of a part is called."""
    return _(MEMBERS[name]) if name in MEMBERS else name


def _new_title(change: Mapping[str, Any]) -> Any:  # noqa: ANN401  (JSON)
    """Give the title of a part that a change adds."""
    named: Iterator[Any] = (
        change.get(kind) for kind in ("item", "window", "step", "phase", "role")
    )
    for part in named:
        if isinstance(part, dict):
            return cast("dict[str, Any]", part).get("title")
    if change["change"] == "copy_steps":
        return {"": change["title"]}
    return None
