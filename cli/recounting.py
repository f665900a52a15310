"""Stories: what happened in a dialogue, and what going back would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from cli.moments import moment, short_day
from cli.page import Page
from cli.speech import _
from cli.telling import PRIVATE, WORDS, told, when
from desk.erased import Erased
from desk.history import Past
from desk.overview import Overview, local
from desk.titles import Titles

NOTHING_ERASED: Final[Mapping[tuple[int, str], Erased]] = MappingProxyType({})


def show_history(
    page: Page,
    view: Overview,
    past: Sequence[Past],
    words: Mapping[tuple[int, str], str],
    erased: Mapping[tuple[int, str], Erased] | None = None,
) -> None:
    """Show what happened, with who did it; private words where they were asked for.

    ``erased`` says of fields without a text why that is.
    """
    page.line(f"{view.state.title}  ({view.stream})", "title")
    before: Past | None = None
    for event in past:
        show_event(page, view, event, words, before, erased or {})
        before = event


def show_event(  # noqa: PLR0917  (what happened, after what, and what is known of it)
    page: Page,
    view: Overview,
    event: Past,
    words: Mapping[tuple[int, str], str],
    before: Past | None,
    erased: Mapping[tuple[int, str], Erased] = NOTHING_ERASED,
) -> None:
    """Show one event, under who did it when; once for all events of one command."""
    members = event.members
    if before is None or before.members["cause"] != members["cause"]:
        page.line()
        page.line(f"{moment(when(view, members))}  {_actor(view, members)}", "quiet")
    page.line(f"{event.seq:>4}  {told(view, members)}")
    for pointer in members["private"]:
        name = pointer.removeprefix("/")
        label = _(PRIVATE.get(name, name))
        text = words.get((event.seq, pointer))
        gone = erased.get((event.seq, pointer))
        if gone is not None:
            page.line(_erased(view, label, gone), "quiet", 6)
        elif text is not None:
            page.line(f"{label}: {text}", "plain", 6)
        elif not words:
            page.line(_("{field}: kept private").format(field=label), "quiet", 6)
        else:
            page.line(_("{field}: not in the vault").format(field=label), "alarm", 6)


def _erased(view: Overview, label: str, gone: Erased) -> str:
    if gone.ground is None:
        return _("{field}: it never reached the vault").format(field=label)
    if gone.authority is None:
        text = _("{field}: erased on {day}, by {ground}")
    else:
        text = _("{field}: erased on {day} on the ground {ground} ({authority})")
    return text.format(
        field=label,
        day=short_day(local(view.state, gone.at).date()),
        ground=_(gone.ground),
        authority=gone.authority,
    )


def _actor(view: Overview, members: Mapping[str, Any]) -> str:
    actor = members["actor"]
    if actor["id"] == "polder":
        return _("Polder itself")
    role = view.titles.role(actor["role"])
    return _("{actor}, as {role}").format(actor=actor["id"], role=role)


def show_preview(page: Page, view: Overview, found: Mapping[str, Any]) -> None:
    """Tell what a revisit would do, as a story."""
    step = view.titles.step(found["step"])
    if not found["possible"]:
        page.line(_("“{step}” can't be returned to now.").format(step=step), "alarm")
        page.line(found["because"])
        return
    page.line(
        _("If you return to “{step}”, it starts round {round}.").format(
            step=step, round=found["round"]
        ),
        "title",
    )
    for heading, lines in _consequences(view.titles, found):
        if lines:
            page.title(heading)
        for line in lines:
            page.line(f"- {line}", indent=2)
    page.line()
    page.line(_("Nothing has happened yet. To do it:"))
    page.command(
        f'polder dialogue revisit {view.stream} {found["step"]} --reason "{_("WHY")}"'
    )


def _consequences(
    titles: Titles, found: Mapping[str, Any]
) -> Iterator[tuple[str, list[str]]]:
    yield (
        _("These steps no longer stand and have to be redone:"),
        [titles.step(name) for name in found["voids"]],
    )
    yield (
        _("These windows no longer count:"),
        [
            titles.window(w["window"]) + (f" ({_('open now')})" if w["wasOpen"] else "")
            for w in found["windows"]
        ],
    )
    yield (
        _("This is undone, in this order:"),
        [
            f"{_(WORDS[c['act']])}: {titles.part(c['undoes'])}"
            + (f" → {', '.join(c['recipients'])}" if c["recipients"] else "")
            for c in found["compensations"]
        ],
    )
    yield (
        _("These people get a message:"),
        [", ".join(found["tells"])] if found["tells"] else [],
    )
    yield (
        _("These items have to be reconfirmed; what was done stays visible:"),
        [titles.item(name) for name in found["reopens"]],
    )
