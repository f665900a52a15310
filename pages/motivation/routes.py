"""The motivation of participation: to be read, printed, and checked line by line.

Every sentence leads to the events it rests on. As a file it needs nothing else, and
holds the hashes of all of them.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Path, Query, Request
from fastapi.responses import Response

from api.models import DialogueName
from api.problems import nothing_here
from desk.desk import Sender
from desk.motivation.document import Motivation, notes
from desk.motivation.making import FORMS, Asked
from desk.motivation.making import motivation as make
from pages.dialogue.head import dialogue_head
from pages.guests import Staff
from pages.motivation.leaves import MOST_RUNS, beginnings, leaves_of
from pages.rendering import page
from pages.routing import router
from pages.texts import may_read
from pages.typing_in import number_in

ROUTE = router()

_TYPES: Final = {"html": "text/html", "md": "text/markdown"}
_LISTED_BESIDE: Final = 30
"""So many events are listed below the text; more have a page of their own."""

_MOST_LISTED: Final = 150
"""So many are listed on a page; the file lists all."""

_At = Annotated[str | None, Query(max_length=40)]
_Texts = Annotated[str, Query(max_length=3)]
_Listed = Annotated[str, Query(max_length=3)]
_Leaf = Annotated[str, Query(max_length=4)]
_Ending = Annotated[str, Path(pattern="^(html|md)$")]


@ROUTE.get("/dialogues/{dialogue}/motivation")
async def show_motivation(
    request: Request,
    visit: Staff,
    dialogue: DialogueName,
    at: _At = None,
    texts: _Texts = "",
    events: _Listed = "",
    leaf: _Leaf = "",
) -> Response:
    """Show the document, with ``texts`` also what is private, for who may read it.

    With ``events`` only the events that it rests on are shown. A long document comes
    ``leaf`` by leaf.
    """
    visit.allow("read", dialogue)
    head = await dialogue_head(visit, dialogue)
    private = texts == "yes" and may_read(visit, head.state)
    asked = _asked(dialogue, visit.lang, visit.caller.actor, "html", at, private)
    made = await make(visit.desk, asked)
    return page(
        request,
        visit,
        "motivation/motivation.html",
        head=head,
        at=at,
        private=private,
        may_open=may_read(visit, head.state),
        **(_events(made) if events == "yes" else _text(made, number_in(leaf) or 1)),
    )


def _text(made: Motivation, wanted: int) -> dict[str, Any]:
    leaves, found = leaves_of(made), notes(made)
    place = min(max(wanted, 1), len(leaves))
    chapters = leaves[place - 1].chapters
    named = {each.events for _number, one in chapters for each in one.sentences()}
    return {
        "made": made,
        "chapters": chapters,
        "place": place,
        "leaves": len(leaves),
        "most_runs": MOST_RUNS,
        "begins": beginnings(leaves),
        "notes": {n: each for n, each in found.items() if each.events in named},
        "numbers": {each.events: number for number, each in found.items()},
        "sentences": sum(1 for _each in made.sentences()),
        "listed": made.cited if len(made.cited) <= _LISTED_BESIDE else (),
        "listable": len(made.cited) <= _MOST_LISTED,
    }


def _events(made: Motivation) -> dict[str, Any]:
    listed = made.cited[:_MOST_LISTED]
    whole = len(listed) == len(made.cited)
    return {"made": made, "chapters": (), "listed": listed, "listable": whole}


def _asked(
    dialogue: str,
    lang: str,
    actor: str,
    ending: str,
    at: str | None,
    private: bool,  # noqa: FBT001
) -> Asked:
    name = f"{dialogue.partition(':')[2]}-motivering.{ending}"
    return Asked(dialogue, lang, Sender(actor), name, at, private)


@ROUTE.get("/dialogues/{dialogue}/motivation.{ending}")
async def give_motivation(
    visit: Staff,
    dialogue: DialogueName,
    ending: _Ending,
    at: _At = None,
    texts: _Texts = "",
) -> Response:
    """Give the document as one file that needs nothing else."""
    visit.allow("read", dialogue)
    if f".{ending}" not in FORMS:
        raise nothing_here()
    state = await visit.desk.dialogue(dialogue)
    private = texts == "yes" and may_read(visit, state)
    asked = _asked(dialogue, visit.lang, visit.caller.actor, ending, at, private)
    made = await make(visit.desk, asked)
    headers = {"Content-Disposition": f'attachment; filename="{asked.out}"'}
    media_type = f"{_TYPES[ending]}; charset=utf-8"
    return Response(FORMS[f".{ending}"](made), media_type=media_type, headers=headers)
