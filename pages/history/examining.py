"""Where an audit begins: exceptions, a sample that nobody chose, and who read this."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Final, NamedTuple, cast

from fastapi import Request
from fastapi.responses import Response

from api.models import DialogueName
from desk import exporting
from desk.desk import Sender
from desk.errors import NotFound
from desk.exceptions import Exceptional, unusual
from desk.in_words.unusual import TITLES, sentence, todo
from desk.questions import Filters, Question, Scope
from desk.reads import LoggedRead, reads
from language import mark
from language.speaking import _, speaking
from pages.dialogue.head import dialogue_head
from pages.guests import Staff
from pages.history.lines import line
from pages.history.shown import shown
from pages.routing import router
from pages.typing_in import number_in
from pages.ways import dialogue_path
from pages.wording import ON_PAGES, in_words

ROUTE = router()

SAMPLE: Final = 10
MOST_SAMPLED: Final = 100
_READS: Final = 100
_MOST_OF_A_KIND: Final = 50

_GRAVE: Final = frozenset(
    ("incident", "mandate_missing", "strange_key", "not_sealed", "text_missing")
)
READ: Final[Mapping[str, str]] = {
    "as-of": mark("the dialogue as it was"),
    "diff": mark("two moments compared"),
    "sample": mark("a sample"),
    "export": mark("an export"),
    "exceptions": mark("the exceptions"),
    "pack": mark("an evidence pack"),
    "show": mark("an event, or the record as a whole"),
    "list": mark("the history"),
    "prove": mark("the proof of an event"),
}
"""What the verbs of the log of reads mean."""

ASKED: Final[Mapping[str, str]] = {
    "seq": mark("event"),
    "moment": mark("moment"),
    "from": mark("from"),
    "to": mark("to"),
    "size": mark("how many:"),
    "type": mark("what:"),
    "actor": mark("who:"),
    "step": mark("step"),
    "window": mark("window"),
    "round": mark("round"),
    "day": mark("day"),
    "late": mark("late after (s):"),
    "sealDelay": mark("sealed late after (s):"),
    "withhold": mark("without"),
}
"""What the filters of a read are called, in the order in which they are told."""


class Unusual(NamedTuple):
    """One exception, told."""

    text: str
    todo: str
    at: datetime
    seq: int | None
    href: str | None


class Group(NamedTuple):
    """The exceptions of one kind, the most serious kinds first."""

    title: str
    grave: bool
    lines: list[Unusual]
    total: int
    more: bool


@ROUTE.get("/dialogues/{dialogue}/exceptions")
async def show_exceptions(
    request: Request, visit: Staff, dialogue: DialogueName
) -> Response:
    """Show what is not as usual, most serious first, with what to do about it."""
    visit.allow("audit", dialogue)
    head = await dialogue_head(visit, dialogue)
    found = await unusual(visit.desk, dialogue, by=visit.caller.actor)
    with speaking(visit.lang):
        groups = [
            _group(kind, list(ones), more=kind in found.more)
            for kind, ones in groupby(found.exceptions, key=lambda one: one.kind)
        ]
    return shown(request, visit, head, "exceptions", {"groups": groups})


def _group(kind: str, ones: list[Exceptional], *, more: bool) -> Group:
    lines = [_unusual(one) for one in ones[:_MOST_OF_A_KIND]]
    cut = more or len(ones) > len(lines)
    return Group(_(TITLES[kind]), kind in _GRAVE, lines, len(ones), cut)


def _unusual(one: Exceptional) -> Unusual:
    href = None
    if one.seq is not None and not one.stream.startswith(("org:", "polder:")):
        href = dialogue_path(one.stream, "history", str(one.seq))
    return Unusual(sentence(one), todo(one, ON_PAGES), one.at, one.seq, href)


@ROUTE.get("/dialogues/{dialogue}/sample")
async def show_sample(
    request: Request, visit: Staff, dialogue: DialogueName
) -> Response:
    """Draw a sample by the root of the checkpoint, so that nobody can choose it."""
    visit.allow("audit", dialogue)
    head = await dialogue_head(visit, dialogue)
    number = _number(request.query_params.get("size", ""), SAMPLE, MOST_SAMPLED)
    size = _number(request.query_params.get("checkpoint", ""), 0, 2**53 - 1) or None
    question = Question(
        Scope(stream=dialogue), Filters(), Sender(visit.caller.actor), size=size
    )
    found, problem = None, None
    try:
        found = await exporting.sample(visit.desk, question, number)
    except NotFound as error:
        problem = in_words(error, visit.lang)
    with speaking(visit.lang):
        drawn = [
            (rank, line(head.view, row.members["seq"], row.members, row.leaf_index))
            for rank, row in (found.rows if found else ())
        ]
    facts = {
        "number": number,
        "found": found,
        "problem": problem,
        "root": b64encode(found.checkpoint.root).decode() if found else "",
        "drawn": drawn,
    }
    # A dialogue of a minute ago has nothing sealed: its page is there all the same.
    status = 404 if problem and size else 200
    return shown(request, visit, head, "sample", facts, status=status)


def _number(told: str, usual: int, most: int) -> int:
    found = number_in(told)
    return usual if found is None else min(max(found, 1), most)


@ROUTE.get("/dialogues/{dialogue}/reads")
async def show_reads(
    request: Request, visit: Staff, dialogue: DialogueName
) -> Response:
    """Show who read the past of this dialogue: an auditor sees their own reads too."""
    visit.allow("audit", dialogue)
    head = await dialogue_head(visit, dialogue)
    who = request.query_params.get("who", "").replace("\x00", "").strip() or None
    before = number_in(request.query_params.get("before", ""))
    found = await reads(
        visit.desk, who=who, target=dialogue, before=before, limit=_READS + 1
    )
    with speaking(visit.lang):
        told = [_read(one) for one in found[:_READS]]
    facts = {
        "reads": told,
        "who": who,
        "paged": before is not None,
        # A cursor and no number of a page: each look at this adds a line above.
        "more": found[_READS - 1].id if len(found) > _READS else None,
    }
    return shown(request, visit, head, "reads", facts)


def _read(one: LoggedRead) -> tuple[LoggedRead, str, str]:
    what = _(READ[one.what]) if one.what in READ else one.what
    return one, what, _asked(one)


def _asked(read: LoggedRead) -> str:
    """Tell the filters of a read as somebody would name them."""
    known = [name for name in ASKED if name in read.filters]
    names = [*known, *(name for name in read.filters if name not in ASKED)]
    return "; ".join(
        f"{_(ASKED.get(name, name))} {_several(read.filters[name])}" for name in names
    )


def _several(value: object) -> str:
    many = isinstance(value, list)
    return ", ".join(map(str, cast("list[object]", value))) if many else str(value)
