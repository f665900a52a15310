"""Looking at responses: who looks, and which of them they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from fastapi import Request

from api.problems import nothing_here
from api.security import Visit
from desk.answered import ResponseView
from desk.entries import entries
from desk.triage import PAGE, Reader, chosen
from domain.coverage import ledger_of, received
from domain.response_numbers import bits_of, shared_out
from domain.state import Dialogue
from pages.dialogue.head import Head, dialogue_head
from pages.responses.views import filters, windows_with
from pages.texts import may_read
from pages.typing_in import Form


class Sight(NamedTuple):
    """Somebody who looks at the responses of a dialogue."""

    visit: Visit
    head: Head
    reader: Reader

    @property
    def state(self) -> Dialogue:
        """The dialogue's state."""
        return self.head.state

    @property
    def around(self) -> Mapping[str, Any]:
        """What a page tells of itself: what people said is opened by no page alone.

        So one that shows it follows no events.
        """
        return {"follows": None} if self.reader.opens else {}

    @property
    def may_act(self) -> bool:
        """Whether this person may answer."""
        return "act" in self.visit.caller.scopes


async def sight(visit: Visit, dialogue: str) -> Sight:
    """Say who looks, and at what. Raises `NotFound` and `NotAllowed`."""
    visit.allow("read", dialogue)
    head = await dialogue_head(visit, dialogue)
    who, opens = visit.caller.actor, may_read(visit, head.state)
    reader = Reader(visit.desk, dialogue, head.state, who, visit.lang, opens)
    return Sight(visit, head, reader)


async def group_titles(visit: Visit, dialogue: str) -> dict[str, str]:
    """Give the public titles of groups, by id."""
    rows = await entries(visit.desk, dialogue, "group")
    return {row.id: str(row.data.get("title") or "") for row in rows}


class Meant(NamedTuple):
    """The responses that somebody means: ticked, named, a group or a whole list."""

    window: str
    bits: int
    group: str | None = None

    @property
    def size(self) -> int:
        """How many they are."""
        return self.bits.bit_count()

    @property
    def first(self) -> int:
        """Those that are shown, as bits: a page of them."""
        return next(shared_out(self.bits, PAGE), 0)


def meant(state: Dialogue, request: Request) -> Meant:
    """Read from an address which responses somebody means. Raises the problem 404."""
    asked = request.query_params
    group = asked.get("group")
    if group and not asked.get("all"):
        return meant_group(state, group)
    if asked.get("all"):
        shown = filters(state, asked)
        return _checked(state, Meant(shown.window, shown.bits(state)))
    ticked = ",".join((asked.get("numbers", ""), *asked.getlist("n"))).strip(",")
    return named(state, asked.get("window", ""), ticked)


def meant_in(state: Dialogue, form: Form) -> Meant:
    """Read from a form which responses it is about. Raises the problem 404."""
    if form["group"]:
        return meant_group(state, form["group"])
    return named(state, form["window"], form["numbers"])


def meant_group(state: Dialogue, group: str) -> Meant:
    """Give a group as what is meant. Raises the problem 404."""
    for window in windows_with(state):
        known = ledger_of(state, window).groups.get(group)
        if known is not None:
            bits = chosen(state, window, "all", group)
            return Meant(window, bits, group)
    raise nothing_here()


def named(state: Dialogue, window: str, numbers: str) -> Meant:
    """Give responses by their numbers. Raises the problem 404 for what are none."""
    try:
        bits = bits_of(numbers) if numbers and len(numbers) <= _LONGEST else 0
    except ValueError:
        raise nothing_here() from None
    return _checked(state, Meant(window, bits))


_LONGEST: Final = 20_000


def _checked(state: Dialogue, found: Meant) -> Meant:
    if found.window not in state.windows:
        raise nothing_here()
    return found._replace(bits=found.bits & received(state, found.window))


async def shown(sight: Sight, found: Meant) -> tuple[ResponseView, ...]:
    """Give the first of the responses that are meant, with their texts."""
    return await sight.reader.views(found.window, found.first)
