"""Lists of people and interests: the affected and weak first, to be read by anybody."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from cli.interests import show as show_interests
from cli.page import Page
from cli.people import document
from cli.people import show as show_people
from desk.entries import EntryRow
from desk.interests import Matrix, in_words, laid
from desk.interests import sheet as interest_sheet
from desk.matrix_picture import picture
from desk.people import People, seen
from desk.people_form import in_full
from desk.people_sheet import sheet
from domain.agreement_facts import MakeAgreement
from domain.entries import entries
from domain.interest_facts import RecordInterest, RelateInterests
from domain.people_register_facts import (
    PlanEngagement,
    RegisterStakeholder,
    ReleaseStakeholder,
)
from tests.domain.story import SAID, STREAM, Story, given

SVG = "{http://www.w3.org/2000/svg}"


def rows(story: Story, kind: str) -> list[EntryRow]:
    """Give the entries of one kind, patches put together, in the order of their ids."""
    found: dict[str, EntryRow] = {}
    for event in story.events:
        for entry in entries(event, story.state):
            if entry.kind != kind:
                continue
            before = found.pop(entry.id, EntryRow(entry.id, event.seq, {}))
            if entry.data is not None:
                found[entry.id] = before._replace(data={**before.data, **entry.data})
    return [found[name] for name in sorted(found)]


def opened(kept: list[EntryRow], texts: dict[str, dict[str, str]]) -> list[EntryRow]:
    """Give rows with some private texts opened."""
    return [row._replace(data={**row.data, **texts.get(row.id, {})}) for row in kept]


def park() -> Story:
    """Begin a story about a park: six parties, one of which left."""
    return given(
        RegisterStakeholder(stakeholder="council", impact=2, influence=3, reached=True),
        RegisterStakeholder(stakeholder="press", impact=0, influence=2),
        RegisterStakeholder(stakeholder="school"),
        RegisterStakeholder(stakeholder="shops", kind="traders", impact=2, influence=2),
        RegisterStakeholder(stakeholder="tenants", impact=3, influence=0),
        RegisterStakeholder(stakeholder="k-1", impact=3, influence=1, reached=True),
        RegisterStakeholder(stakeholder="club", impact=3, influence=0),
        ReleaseStakeholder(stakeholder="club", reason=SAID),
        PlanEngagement(
            levels={
                "tenants": {"before": "inform", "design": "inform"},
                "k-1": {"during": "consult"},
            },
            phases={"design": "The design"},
        ),
        MakeAgreement(agreement="benches", what=SAID, who="council"),
        RegisterStakeholder(stakeholder="late", impact=2, influence=0),
    )


def people(story: Story, texts: dict[str, dict[str, str]] | None = None) -> People:
    """Look at who is involved in a story."""
    register = opened(rows(story, "stakeholder"), texts or {})
    plan = {row.id: row.data for row in rows(story, "engagement")}
    return seen(STREAM, story.state, register, plan, "en")


def page_of(found: Any, show: Any) -> str:  # noqa: ANN401 (any page)
    """Give a page as a file gets it."""
    out = StringIO()
    show(Page(out), found)
    return out.getvalue()


def test_those_affected_and_weak_come_first_on_every_page() -> None:
    """Who left comes last, whatever they were."""
    found = people(park())
    order = ["tenants", "k-1", "late", "school", "shops", "council", "press"]
    assert [each.id for each in found.present] == order
    assert [each.id for each in found.left] == ["club"]
    told = page_of(found, show_people)
    places = [told.index(f"\n  {name} ") for name in [*order, "club"]]
    assert places == sorted(places)
    table = list(csv.reader(StringIO(sheet(found))))
    assert [row[0] for row in table[1:]] == [*order, "club"]
    ids = [each["id"] for each in document(found)["stakeholders"]]
    assert ids == [*order, "club"]


def test_the_page_says_who_waits_for_what() -> None:
    """With a command to copy for the first of them, and the roles they hold."""
    told = page_of(people(park()), show_people)
    assert "Stakeholders: 7." in told
    assert "Geraakt met weinig invloed: 3." in told
    assert "Nog niet bereikt: 5." in told
    assert f"dialogue change-stakeholder {STREAM} tenants --reached" in told
    assert f"dialogue brief {STREAM} late" in told
    row = next(line for line in told.splitlines() if line.startswith("  k-1 "))
    assert "Panel" in row
    assert "Panel" in told.partition("Rollen")[2]


def test_the_plan_shows_each_level_by_phase() -> None:
    """And whom it asks nothing though they are affected and have no influence."""
    found = people(park())
    assert dict(found.phases)["design"] == "The design"
    table = list(csv.reader(StringIO(sheet(found))))
    head = table[0]
    tenants = dict(zip(head, table[1], strict=True))
    assert (tenants["before"], tenants["design"], tenants["after"]) == (
        "inform",
        "inform",
        "",
    )
    assert [each.id for each in found.unheard()] == ["tenants", "late"]
    told = page_of(found, show_people)
    assert "nergens iets gevraagd: tenants, late" in told


def test_an_empty_register_says_how_to_begin() -> None:
    """With a command, and still with who holds which role."""
    told = page_of(people(given()), show_people)
    assert f"dialogue register-stakeholder {STREAM} ID --impact 3" in told
    assert "Facilitator" in told


def test_names_show_only_where_they_were_opened() -> None:
    """A place where a text lies is no text, on the page or in the sheet."""
    story = given(RegisterStakeholder(stakeholder="tenants", name=SAID, mandate=SAID))
    closed = people(story)
    assert "name" not in sheet(closed).splitlines()[0]
    assert "mag toezeggen" not in page_of(closed, show_people)
    texts = {"tenants": {"name": '=HYPERLINK("x")', "mandate": "Alles"}}
    told = people(story, texts)
    assert "mag toezeggen: Alles" in page_of(told, show_people)
    (_, row) = csv.reader(StringIO(sheet(told)))
    assert '\'=HYPERLINK("x")' in row, "no spreadsheet obeys what people typed"


def wish(interest: str, of: str, **more: Any) -> RecordInterest:  # noqa: ANN401
    """Give the command that records an interest."""
    body = {"interest": interest, "stakeholder": of, "text": SAID, **more}
    return RecordInterest.model_validate(body)


def table() -> Story:
    """Go on with the park: what four parties want, one of which left."""
    return park().and_(
        wish("parking", "shops", priority=1, kind="goal"),
        wish("terrace", "shops"),
        wish("silence", "tenants", priority=2, level="personal"),
        wish("green", "tenants", priority=1, about="neighbourhood"),
        wish("roof", "council", kind="ambition", about="property"),
        RelateInterests(one="silence", other="terrace", kind="tension"),
        RelateInterests(one="green", other="parking", kind="tension"),
        RelateInterests(one="roof", other="green", kind="synergy"),
    )


def matrix(story: Story) -> Matrix:
    """Lay the interests of a story on the table."""
    register = {row.id: row.data for row in rows(story, "stakeholder")}
    wishes, relations = rows(story, "interest"), rows(story, "relation")
    return laid(STREAM, story.state.title, register, wishes, relations)


def test_interests_of_the_affected_and_weak_come_first() -> None:
    """Of one party, what matters most to it; a party that left comes last."""
    story = table()
    found = matrix(story)
    order = ["green", "silence", "parking", "terrace", "roof"]
    assert [each.id for each in found.wishes] == order
    story.and_(ReleaseStakeholder(stakeholder="tenants", reason=SAID))
    gone = matrix(story)
    assert [each.id for each in gone.wishes] == [*order[2:], *order[:2]]
    assert "tenants (vertrokken)" in page_of(gone, listed)


def listed(page: Page, found: Matrix) -> None:
    """Show interests as a list."""
    show_interests(page, found, [])


def as_grid(page: Page, found: Matrix) -> None:
    """Show interests as a matrix."""
    show_interests(page, found, [], grid=True)


def test_the_list_says_of_each_interest_what_it_clashes_with() -> None:
    """From both sides: nobody has to know which was named first."""
    told = page_of(matrix(table()), listed)
    assert "− botst met terrace" in told
    assert "− botst met silence" in told
    assert "+ wordt versterkt door roof" in told
    assert "ambitie, van de organisatie, over het eigen bezit" in told


def test_the_matrix_is_the_same_both_ways() -> None:
    """In a terminal, and in a sheet."""
    found = matrix(table())
    told = page_of(found, as_grid)
    grid = [line.split()[-5:] for line in told.splitlines() if "shops" in line][:2]
    assert grid == [["−", "·", "\\", "·", "·"], ["·", "−", "·", "\\", "·"]]
    assert "silence (tenants) en terrace (shops) botsen." in told
    cells = list(csv.reader(StringIO(interest_sheet(found))))
    head, body = cells[0], cells[1:]
    size = len(found.wishes)
    square = [row[-size:] for row in body]
    assert head[-size:] == [row[0] for row in body]
    assert square == [list(column) for column in zip(*square, strict=True)]
    assert {cell for row in square for cell in row} == {"", "tension", "synergy"}


def test_a_sheet_for_people_is_in_their_words() -> None:
    """In Dutch with semicolons, as spreadsheets there expect, and without codes."""
    head, *body = csv.reader(
        StringIO(interest_sheet(matrix(table()), "nl")), delimiter=";"
    )
    assert head[:3] == ["belang", "stakeholder", "plaats in de dialoog"]
    told = {cell for row in body for cell in row}
    assert {"spanning", "versterking", "geraakt, met weinig invloed"} <= told
    assert not told & {"tension", "synergy", "affected_but_weak", "interest"}


def test_the_picture_can_be_read_aloud() -> None:
    """It has a title and a description in words, and real text beside each row."""
    found = matrix(table())
    root = ET.fromstring(picture(found, "nl"))
    ids = str(root.get("aria-labelledby")).split()
    named = {each.get("id"): each.text for each in root if each.get("id")}
    assert root.get("role") == "img"
    assert root.get("lang") == "nl"
    assert all(named[name] for name in ids)
    said = str(named["desc"])
    assert all(in_words(found, each, "nl") in said for each in found.relations)
    texts = [each.text for each in root.iter(f"{SVG}text")]
    assert {f"{w.id} ({w.stakeholder})" for w in found.wishes} <= {*texts}


def test_a_clash_differs_by_more_than_its_colour() -> None:
    """Each cell has a sign, and says in words what it is."""
    root = ET.fromstring(picture(matrix(table()), "en"))
    cells = [
        each for each in root.iter(f"{SVG}g") if each.find(f"{SVG}title") is not None
    ]
    signs = [str(each.findtext(f"{SVG}text")) for each in cells]
    assert (signs.count("−"), signs.count("+")) == (4 + 1, 2 + 1), "and the legend"
    words = {str(each.findtext(f"{SVG}title")) for each in cells}
    assert "silence (tenants) and terrace (shops) clash" in words


@pytest.mark.parametrize("text", ["<b>&\"'", "ﬁn🌳", "x" * 120])
def test_a_picture_is_sound_whatever_a_title_holds(text: str) -> None:
    """Titles are what people typed."""
    found = matrix(table())._replace(title=text)
    root = ET.fromstring(picture(found, "nl"))
    assert text in str(root.findtext(f"{SVG}title"))


def test_an_empty_table_says_how_to_begin() -> None:
    """With a command; and a picture of nothing is a picture."""
    found = matrix(given())
    assert f"dialogue record-interest {STREAM} ID" in page_of(found, listed)
    ET.fromstring(picture(found, "nl"))
    assert interest_sheet(found).count("\n") == 1


def test_kinds_phases_and_levels_can_be_said_in_words() -> None:
    """By title, in either language; what is no such word stays as it is."""
    story = given(
        RegisterStakeholder(stakeholder="tenants"),
        PlanEngagement(phases={"design": "Het ontwerp"}),
    )
    told = {"tenants": {"Before": "raadplegen", "het ontwerp": "Inform", "x": "y"}}
    made = in_full("plan_engagement", {"levels": told}, story.state)
    assert made["levels"] == {
        "tenants": {"before": "consult", "design": "inform", "x": "y"}
    }


def test_those_of_whom_nothing_is_on_the_table_are_named() -> None:
    """Affected but weak first; those whom it hardly touches are not waited for."""
    found = matrix(table())
    assert found.missing == ("k-1", "late", "school")
    assert "Nog niets op tafel van: k-1, late, school" in page_of(found, listed)
