"""Stories: what happened in a dialogue, and what going back would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from cli.page import Page
from cli.speech import _, lang
from desk.correcting import Correction, read
from desk.erased import Erased
from desk.history import Past
from desk.in_words.dossier import corrected
from desk.in_words.events import PRIVATE, WORDS, told, when, who
from desk.in_words.moments import moment, short_day
from desk.overview import Overview, local
from desk.titles import Titles

Place = tuple[int, str]
"""A private field: the event, and where it stands in its data."""


class Known(NamedTuple):
    """What is known beside the events: texts, and why others are not here.

    ``erased`` says what was erased, ``kept`` what is kept from this reader, and because
    of which confidential step; ``corrected`` gives the corrections of an event.
    """

    words: Mapping[Place, str] = MappingProxyType({})
    erased: Mapping[Place, Erased] = MappingProxyType({})
    kept: Mapping[Place, str] = MappingProxyType({})
    corrected: Mapping[int, Sequence[Correction]] = MappingProxyType({})


NOTHING: Final = Known()


def show_history(
    page: Page, view: Overview, past: Sequence[Past], known: Known = NOTHING
) -> None:
    """Show what happened, with who did it; private words where they were asked for."""
    page.line(f"{view.state.title}  ({view.stream})", "title")
    before: Past | None = None
    everything = known._replace(corrected=corrected_in(past))
    for event in past:
        show_event(page, view, event, before, everything)
        before = event


def corrected_in(past: Iterable[Past]) -> dict[int, list[Correction]]:
    """Give the corrections among these events, by the event that they correct."""
    found: dict[int, list[Correction]] = {}
    for event in past:
        correction = read(event.seq, event.members)
        if correction is not None:
            found.setdefault(correction.seq, []).append(correction)
    return found


def show_event(
    page: Page,
    view: Overview,
    event: Past,
    before: Past | None,
    known: Known = NOTHING,
) -> None:
    """Show one event, under who did it when; once for all events of one command."""
    members = event.members
    if before is None or before.members["cause"] != members["cause"]:
        page.line()
        page.line(f"{moment(when(view, members))}  {who(view, members)}", "quiet")
    page.line(f"{event.seq:>4}  {told(view, members)}")
    for each in known.corrected.get(event.seq, ()):
        said = corrected(each.by, each.pointer, each.was, each.value)
        page.line(said, "open", 6)
    for pointer in members["private"]:
        name = pointer.removeprefix("/")
        _private(page, view, _(PRIVATE.get(name, name)), (event.seq, pointer), known)


def _private(
    page: Page, view: Overview, label: str, place: Place, known: Known
) -> None:
    """Show a private text, or why it is not here."""
    if place in known.erased:
        page.line(_erased(view, label, known.erased[place]), "quiet", 6)
    elif place in known.words:
        page.line(f"{label}: {known.words[place]}", "plain", 6)
    elif known.kept.get(place):
        step = view.titles.step(known.kept[place])
        text = _("{field}: confidential, with step “{step}”")
        page.line(text.format(field=label, step=step), "quiet", 6)
    elif not known.words or place in known.kept:
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


def _because(view: Overview, found: Mapping[str, Any]) -> str:
    from cli.failing import as_typed
    from desk.errors import Refused
    from desk.saying import said

    if "error" not in found:
        return as_typed(found["because"])
    refused = Refused(found["error"], found["because"], found["facts"])
    return as_typed(said(refused.about(view.state), lang()))


def show_preview(page: Page, view: Overview, found: Mapping[str, Any]) -> None:
    """Tell what a revisit would do, as a story."""
    step = view.titles.step(found["step"])
    if not found["possible"]:
        page.line(_("“{step}” can't be returned to now.").format(step=step), "alarm")
        page.line(_because(view, found))
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
            f"{_(WORDS[c['act']])}: {c.get('heading') or titles.part(c['undoes'])}"
            + (f" → {', '.join(c['recipients'])}" if c["recipients"] else "")
            for c in found["compensations"]
        ],
    )
    yield (
        _("These meetings are called off:"),
        [each["title"] for each in found.get("meetings", ())],
    )
    yield (_("These reports no longer hold:"), list(found.get("reports", ())))
    yield (
        _("Somebody has to say whether these agreements and decisions still stand:"),
        [*found.get("agreements", ()), *found.get("decisions", ())],
    )
    yield (
        _("These people get a message:"),
        [", ".join(found["tells"])] if found["tells"] else [],
    )
    yield (
        _("These gates have to be passed again; what was counted stays visible:"),
        [titles.gate(name) for name in found.get("gates", ())],
    )
    yield (
        _("These items have to be reconfirmed; what was done stays visible:"),
        [titles.item(name) for name in found["reopens"]],
    )
