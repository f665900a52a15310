"""The life of a dialogue: pausing, going on, completing, ending, and dates to keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

from fastapi import Request
from fastapi.responses import Response

from api.models import DialogueName
from api.security import Visit
from desk.in_words.moments import days_away
from desk.overview import DeadlineView
from domain.state import Dialogue
from language import mark, translator
from language.speaking import speaking
from pages.acting import Outcome, go_on
from pages.dialogue import happenings
from pages.dialogue.head import Head, dialogue_head
from pages.dialogue.lengths import LENGTHS, Wanted, with_length
from pages.dialogue.offers import SEALED, Offer, Offers, body_of
from pages.dialogue.step_acts import NO_REASON
from pages.doing import do
from pages.guests import Staff
from pages.rendering import page
from pages.routing import router
from pages.said import says
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path

ROUTE = router()

_LACKING: Final = frozenset({"ReasonMissing", "MalformedCommand"})
MOVE: Final = "move_deadline"


class LifeAct(NamedTuple):
    """An act on a dialogue as a whole: its words, and whether it takes a reason."""

    kind: str
    anchor: str
    name: str
    means: str
    member: str
    label: str
    needed: bool
    danger: bool = False


ACTS: Final = (
    LifeAct(
        "resume_dialogue",
        "resume",
        mark("Go on with the dialogue"),
        mark("The windows run again, each with the time that was left."),
        "reason",
        mark("Explanation"),
        needed=False,
    ),
    LifeAct(
        "complete_dialogue",
        "complete",
        mark("Complete the dialogue"),
        mark("Agreements are still watched, and late responses can still be answered."),
        "note",
        mark("Note"),
        needed=False,
    ),
    LifeAct(
        "pause_dialogue",
        "pause",
        mark("Pause the dialogue"),
        mark(
            "The windows stand still and get the time that was left when it goes on. "
            "Responses that come in still count. No new window opens."
        ),
        "reason",
        mark("Why?"),
        needed=True,
    ),
    LifeAct(
        "archive_dialogue",
        "archive",
        mark("Archive the dialogue"),
        mark("Nothing happens in it any more. Everything can still be read."),
        "reason",
        mark("Explanation"),
        needed=False,
        danger=True,
    ),
    LifeAct(
        "cancel_dialogue",
        "cancel",
        mark("End the dialogue before it is complete"),
        mark("The process stops, and that can't be taken back. What was done stays."),
        "reason",
        mark("Why?"),
        needed=True,
        danger=True,
    ),
)
SAID: Final[Mapping[str, str]] = {
    "resume_dialogue": says("dialogue-resumed", mark("The dialogue goes on.")),
    "complete_dialogue": says("dialogue-completed", mark("The dialogue is completed.")),
    "pause_dialogue": says("dialogue-paused", mark("The dialogue is paused.")),
    "archive_dialogue": says("dialogue-archived", mark("The dialogue is archived.")),
    "cancel_dialogue": says("dialogue-cancelled", mark("The dialogue has been ended.")),
    MOVE: says("date-moved", mark("The date is moved, with your reason.")),
}


class Possible(NamedTuple):
    """An act with whether it can be done now, and if not, why."""

    act: LifeAct
    offer: Offer


class DateToKeep(NamedTuple):
    """A date that the organisation has to keep, and how far away it is."""

    seen: DeadlineView
    away: str
    number: int


@ROUTE.get("/dialogues/{dialogue}/life")
async def show_life(request: Request, visit: Staff, dialogue: DialogueName) -> Response:
    """Show what can be done with a dialogue as a whole, and the dates it keeps."""
    visit.allow("read", dialogue)
    return await _shown(request, visit, dialogue)


@ROUTE.post("/dialogues/{dialogue}/life")
async def act_on_life(
    request: Request, visit: Staff, dialogue: DialogueName, typed: Typed
) -> Response:
    """Do one thing with a dialogue as a whole."""
    visit.allow("act", dialogue)
    found = wanted(typed)
    moves = found is not None and found.kind == MOVE
    sight = dates_seen if moves else None
    outcome = await do(visit, request, dialogue, found, typed, sight)
    if found and outcome.taken:
        return go_on(dialogue_path(dialogue, "life"), SAID[found.kind], outcome)
    return await _shown(request, visit, dialogue, outcome, typed)


def wanted(form: Form) -> Wanted | None:
    """Read which act a form asks for; None for one that there is not."""
    kind = form["act"]
    if kind == MOVE:
        return _moving(form)
    found = next((each for each in ACTS if each.kind == kind), None)
    if found is None:
        return None
    field = f"{found.anchor}-why"
    told = form.text(field)
    lacking = NO_REASON if found.needed and told is None else ""
    return Wanted(kind, body_of(**{found.member: told}), lacking, field)


def _moving(form: Form) -> Wanted:
    prefix = f"move-{form.text('number') or 0}"
    reason, source = form.text(f"{prefix}-reason"), form.text(f"{prefix}-source")
    body = body_of(title=form["was-title"], reason=reason, source=source)
    found = with_length(MOVE, prefix, form, body)
    if found.missing or reason:
        return found
    return Wanted(MOVE, body, NO_REASON, f"{prefix}-reason")


def dates_seen(state: Dialogue) -> str:
    """Give what somebody decides on who moves a date: the dates as they are."""
    return " ".join(f"{each.date}" for each in state.deadlines)


async def _shown(
    request: Request,
    visit: Visit,
    dialogue: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    offers, _ = await Offers.of(visit, head.view), translator(visit.lang)
    return page(
        request,
        visit,
        "dialogue/life.html",
        status=outcome.status if outcome else 200,
        head=head,
        acts=_possible(offers),
        act=offers.sender is not None,
        dates=_dates(head, visit.lang),
        moving=offers(
            MOVE,
            title=_first_title(head),
            duration={"calendar_days": 1},
            reason=SEALED,
        ),
        lengths=[(name, _(text)) for name, text in LENGTHS.items()],
        tomorrow=(head.view.now + timedelta(days=1)).date(),
        sight=dates_seen(head.state),
        outcome=outcome,
        typed=typed,
        meanwhile=await happenings.meanwhile(visit, head.view, outcome, typed),
    )


def _possible(offers: Offers) -> list[Possible]:
    """Give what can be done; what can't is told only where it comes next."""
    found: list[Possible] = []
    for each in ACTS:
        body: dict[str, Any] = {each.member: SEALED} if each.needed else {}
        offer = offers(each.kind, **body)
        running = offers.view.state.status == "running"
        telling = each.kind == "complete_dialogue" and running
        if offer.possible or offer.name in _LACKING or (telling and offer.why):
            found.append(Possible(each, offer))
    return found


def _first_title(head: Head) -> str:
    return next((each.title for each in head.view.deadlines), "")


def _dates(head: Head, lang: str) -> list[DateToKeep]:
    with speaking(lang):
        return [
            DateToKeep(each, days_away(each.days), number)
            for number, each in enumerate(head.view.deadlines)
        ]
