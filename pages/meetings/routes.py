"""Meetings: in a month, as a list, and one by one, with who was asked and who came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import Path, Request
from fastapi.responses import Response

from api.models import DialogueName
from api.problems import nothing_here
from api.security import Visit
from desk import agenda as calendar
from desk.entries import EntryRow, entries
from desk.in_words.harvest import happened
from desk.meeting_form import FORMATS
from desk.meetings import Meetings, MeetingView, seen
from domain.clock import to_dialogue_time
from language import dates
from language.speaking import _, lang
from pages.acting import Outcome, go_on
from pages.attached import attached
from pages.dialogue import happenings
from pages.dialogue.head import Head, dialogue_head
from pages.dialogue.offers import Offers
from pages.documents import TypedWithFile
from pages.doing import do
from pages.guests import Staff
from pages.meetings import month, words
from pages.meetings.acts import SAID, sight, wanted, with_fingerprint
from pages.naming import free
from pages.rendering import page
from pages.routing import router
from pages.texts import may_read, opened, text_of
from pages.turning import turn
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path

ROUTE = router()

PAGE: Final = 25
"""How many meetings stand on one page of the list."""

MeetingName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
_NEW: Final = frozenset({"schedule_meeting", "note_meeting_held"})


@ROUTE.get("/dialogues/{dialogue}/meetings")
async def show_meetings(
    request: Request, visit: Staff, dialogue: DialogueName
) -> Response:
    """Show a month and the list; from here meetings are planned."""
    visit.allow("read", dialogue)
    return await _shown(request, visit, dialogue)


@ROUTE.post("/dialogues/{dialogue}/meetings")
async def act_on_meetings(
    request: Request, visit: Staff, dialogue: DialogueName, form: Typed
) -> Response:
    """Plan a meeting, or note one that was held."""
    outcome = await _done(request, visit, dialogue, form)
    if isinstance(outcome, Response):
        return outcome
    return await _shown(request, visit, dialogue, outcome, form)


async def _done(
    request: Request, visit: Visit, dialogue: str, form: Form, at: str = ""
) -> Response | Outcome:
    visit.allow("act", dialogue)
    state = await visit.desk.dialogue(dialogue)
    found = with_fingerprint(wanted(form, state), form)
    guarded = at and found is not None and "sight" in form
    outcome = await do(
        visit,
        request,
        dialogue,
        found,
        form,
        (lambda now: sight(now, at)) if guarded else None,
    )
    if found is None or not outcome.taken:
        return outcome
    here = at or str(found.body["meeting"])
    return go_on(dialogue_path(dialogue, "meetings", here), SAID[found.kind], outcome)


async def look(visit: Visit, head: Head, only: str | None = None) -> Meetings:
    """Look at the meetings; of ``only`` one with texts, for who may read them."""
    rows: Sequence[EntryRow] = await entries(visit.desk, head.stream, "meeting")
    if only is not None:
        rows = [row for row in rows if row.id == only]
        state = head.state
        rows = await opened(visit, head.stream, state, rows, "meetings")
    now = to_dialogue_time(head.state.clock, datetime.now(UTC))
    return seen(head.stream, head.state, now, rows, names={}, lang=visit.lang)


async def _shown(
    request: Request,
    visit: Visit,
    dialogue: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    found, asked = await look(visit, head), request.query_params
    sort = asked.get("show", "") if asked.get("show") in words.SORTS else ""
    every = _sorted(found.meetings, sort)
    here = turn(asked.get("from"), PAGE, len(every))
    shown = month.asked(asked.get("month"), head.view.now.date())
    state, offers = head.state, await Offers.of(visit, head.view)
    return page(
        request,
        visit,
        "meetings/meetings.html",
        status=outcome.status if outcome else 200,
        head=head,
        found=found,
        month=month.month(head.view, found.meetings, shown),
        month_called=dates.month(visit.lang, shown),
        weekdays=dates.weekdays(visit.lang),
        lines=every[here.first : here.end],
        sort=sort,
        sizes=[(name, len(_sorted(found.meetings, name))) for name in words.SORTS],
        before=here.before,
        after=here.after,
        suggested=free(_("meeting"), {*state.meetings}),
        steps=[(s.id, head.view.titles.step(s.id)) for s in state.plan.all_steps()],
        act=offers.sender is not None and not state.ended,
        outcome=outcome,
        typed=typed,
        **await _around(visit, head, outcome, typed),
    )


def _sorted(meetings: Iterable[MeetingView], sort: str) -> list[MeetingView]:
    """Give those of a sort; what is to come first, the nearest of it first."""
    wanted = words.OF_SORT.get(sort)
    fits = [each for each in meetings if not wanted or each.standing in wanted]
    ahead = words.OF_SORT["ahead"] | words.OF_SORT["unrecorded"]
    coming = [each for each in fits if each.standing in ahead]
    past = [each for each in reversed(fits) if each.standing not in ahead]
    return [*coming, *past]


async def _around(
    visit: Visit, head: Head, outcome: Outcome | None, typed: Form | None
) -> dict[str, Any]:
    """Give what the pages about meetings have in common."""
    titles = head.view.titles
    return {
        "words": words,
        "when": when,
        "formats": [(name, _(text)) for name, text in FORMATS.items()],
        "roles": [
            (role.id, f"{titles.role(role.id)} ({len(head.state.holders(role.id))})")
            for role in head.state.plan.roles
        ],
        "may_open": may_read(visit, head.state),
        "meanwhile": await happenings.meanwhile(visit, head.view, outcome, typed),
    }


def when(view: MeetingView) -> str:
    """Say when a meeting is, or was: by the clock, or as precisely as is known."""
    if view.held is None:
        return dates.span(lang(), view.begins, view.ends)
    told = happened(view.held.model_dump())
    if not view.times:
        return told
    return _("{when}, {n} times").format(when=told, n=view.times)


@ROUTE.get("/dialogues/{dialogue}/meetings.ics")
async def give_calendar(visit: Staff, dialogue: DialogueName) -> Response:
    """Give meetings and last days as a calendar file; nothing private is in it."""
    visit.allow("read", dialogue)
    organisation = visit.caller.organisation
    text = await calendar.agenda(visit.desk, organisation, visit.lang, only=dialogue)
    name = f"{dialogue.partition(':')[2]}.ics"
    return attached(text, name, f"{calendar.MEDIA_TYPE}; charset=utf-8")


@ROUTE.get("/dialogues/{dialogue}/meetings/{meeting}")
async def show_meeting(
    request: Request, visit: Staff, dialogue: DialogueName, meeting: MeetingName
) -> Response:
    """Show one meeting: when, who was asked, who came, what was said."""
    visit.allow("read", dialogue)
    return await _one(request, visit, dialogue, meeting)


@ROUTE.post("/dialogues/{dialogue}/meetings/{meeting}")
async def act_on_meeting(
    request: Request,
    visit: Staff,
    dialogue: DialogueName,
    meeting: MeetingName,
    form: TypedWithFile,
) -> Response:
    """Change it, call it off, invite to it, record who came and what was said."""
    outcome = await _done(request, visit, dialogue, form, meeting)
    if isinstance(outcome, Response):
        return outcome
    return await _one(request, visit, dialogue, meeting, outcome, form)


async def _one(
    request: Request,
    visit: Visit,
    dialogue: str,
    meeting: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    found = await look(visit, head, meeting)
    if not found.meetings:
        raise nothing_here()
    view, state = found.meetings[0], head.state
    offers = await Offers.of(visit, head.view)
    return page(
        request,
        visit,
        "meetings/meeting.html",
        status=outcome.status if outcome else 200,
        head=head,
        meeting=view,
        names=await _names(visit, head, {*view.invited, *view.present, *view.absent}),
        asked=[*dict.fromkeys((*view.invited, *view.present, *view.absent))],
        sight=sight(state, meeting),
        format=next(
            (k for k, text in FORMATS.items() if _(text) == view.format), view.format
        ),
        act=offers.sender is not None and not state.ended,
        ahead=view.standing == "to_come",
        outcome=outcome,
        typed=typed,
        **await _around(visit, head, outcome, typed),
    )


async def _names(visit: Visit, head: Head, who: set[str]) -> dict[str, str]:
    """Give what people are called, for who may read it."""
    if not who or not may_read(visit, head.state):
        return {}
    people = await entries(visit.desk, head.stream, "stakeholder")
    roles = await entries(visit.desk, head.stream, "role")
    named = [
        row._replace(data={"who": one, "name": row.data.get("name")})
        for row in (*people, *roles)
        if (one := str(row.data.get("actor", row.id))) in who
    ]
    found = await opened(visit, head.stream, head.state, named, "names")
    return {
        str(row.data["who"]): name
        for row in found
        if (name := text_of(row.data["name"])) is not None
    }
