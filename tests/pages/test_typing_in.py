"""What a form or an address says is read as what it is, however odd it is."""

from __future__ import annotations

import re

import pytest
from starlette.datastructures import FormData, QueryParams

from desk.accepting import Accepted
from desk.answer import Answer
from desk.desk import fresh_id
from pages.acting import Outcome
from pages.dialogue.seeing import became
from pages.history.asked import asked
from pages.methods.routes import NAME
from pages.naming import slug
from pages.plan.changing import read
from pages.turning import turn
from pages.typing_in import Form, number_in

HUGE = "9" * 5000


@pytest.mark.parametrize("told", [HUGE, "", "-1", "1.0", "²", "٣", "1e3", " 1"])
def test_what_is_no_number_of_an_event_is_none(told: str) -> None:
    """However long it is, it is read without a fault."""
    assert number_in(told) is None
    assert Form(FormData([("version", told)])).version is None


def test_a_number_in_an_address_that_is_too_long_is_named() -> None:
    """It is left out, and said to be wrong."""
    assert asked(QueryParams({"round": HUGE})).wrong == ("round",)
    assert asked(QueryParams({"round": "2"})).wanted.round == 2


@pytest.mark.parametrize(
    ("told", "here"),
    [
        (None, (0, 30, None, 30)),
        ("30", (30, 60, 0, 60)),
        ("10", (10, 40, 0, 40)),
        ("60", (60, 90, 30, None)),
        ("90", (90, 120, 60, None)),
        ("-30", (0, 30, None, 30)),
        (HUGE, (0, 30, None, 30)),
    ],
)
def test_a_list_is_turned_to_the_page_that_an_address_names(
    told: str | None, here: tuple[int, int, int | None, int | None]
) -> None:
    """Of 75 there are three pages; what is no number asks for the first of them."""
    assert turn(told, 30, 75) == here


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Café aan ’t Park", "cafe-aan-t-park"),
        ("  Wie doet er 'mee'? ", "wie-doet-er-mee"),
        ("Veertig letters en dan nog heel veel meer ervan", "veertig-letters-en-dan"),
        ("日本", ""),
    ],
)
def test_a_name_is_made_of_a_title(title: str, name: str) -> None:
    """Of what a name may have, and never with a hyphen at its end."""
    assert slug(title, 23) == name


def test_changes_nested_without_end_are_none() -> None:
    """No page of ours wrote them."""
    assert read("[" * 200_000) == []


@pytest.mark.parametrize("told", ["../secret", "a b", "x/belangen-op-tafel", "a "])
def test_the_name_of_a_method_is_one_as_a_whole(told: str) -> None:
    """A part that looks like a name makes no name."""
    assert re.search(NAME, told) is None
    assert re.search(NAME, "belangen-op-tafel@" + "0f" * 32)


@pytest.mark.parametrize("told", ["x" * 201, "een brief", "a\nlevel=error", "<script>"])
def test_an_id_that_no_form_of_ours_made_is_none(told: str) -> None:
    """It gets into no log and no command."""
    assert Form(FormData([("id", told)])).id is None
    made = fresh_id()
    assert Form(FormData([("id", made)])).id == made


def test_a_command_is_told_as_done_only_once_it_is_on_record() -> None:
    """What was taken in is being carried out; nobody says that it was done."""
    recorded, waiting = Answer(7, True, []), Answer(7, False, [])  # noqa: FBT003
    done = became(Outcome(id="c", made=recorded))
    assert done is not None
    assert (done.done, done.version) == (True, 7)
    for told in (waiting, Accepted("c", "0f")):
        later = became(Outcome(id="c", made=told))
        assert later is not None
        assert later.later
    asked_in_vain = Outcome(503, "Later", "Unreachable", "c")
    assert became(asked_in_vain) is asked_in_vain
