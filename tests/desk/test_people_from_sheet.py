"""A sheet as organisations keep one is read as it is meant, or refused by its line."""

from __future__ import annotations

import pytest

from desk.people_from_sheet import ignored, read
from desk.people_sheet import sheet
from desk.spreadsheet import Unreadable
from domain.commands import COMMANDS
from domain.people_register_facts import RegisterStakeholder
from tests.desk.test_people import people
from tests.domain.story import SAID, given

DUTCH = (
    "Stakeholder;Geraakt;Invloed;Bereikt;Naam;Achterban;Kleur\r\n"
    'huurders;3;0;nee;"Huurders; West";alle huurders;rood\r\n'
    "\r\n"
    "winkels;2;2;ja;;;\r\n"
)


def test_a_dutch_sheet_is_read() -> None:
    """With semicolons and Dutch headings, as a Dutch spreadsheet writes it."""
    tenants, shops = read(DUTCH)
    assert tenants.body == {
        "stakeholder": "huurders",
        "impact": 3,
        "influence": 0,
        "reached": False,
        "name": "Huurders; West",
        "constituency": "alle huurders",
    }
    assert shops.body == {
        "stakeholder": "winkels",
        "impact": 2,
        "influence": 2,
        "reached": True,
    }
    assert ignored(DUTCH) == ["kleur"]


def test_weights_are_read_in_the_words_in_which_they_are_shown() -> None:
    """A page that says “zeer sterk” is answered with “zeer sterk”."""
    text = "stakeholder;geraakt;invloed\na;Zeer sterk;geen\nb;a little;much\n"
    assert [line.body for line in read(text)] == [
        {"stakeholder": "a", "impact": 3, "influence": 0},
        {"stakeholder": "b", "impact": 1, "influence": 2},
    ]


def test_a_column_is_named_as_the_sheet_names_it() -> None:
    """And the choices are told with it."""
    with pytest.raises(Unreadable, match=r"Geraakt can't be heel erg; write 0 \(not"):
        read("stakeholder;Geraakt\na;heel erg\n")


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_sign_between_cells_is_seen(sign: str) -> None:
    """Sheets differ in it, and say it in their first line."""
    text = sign.join(("stakeholder", "impact")) + "\n" + sign.join(("a", "1"))
    assert [line.body for line in read(text)] == [{"stakeholder": "a", "impact": 1}]


def test_an_empty_cell_says_nothing() -> None:
    """So it takes nothing away that the register knows."""
    (line,) = read("stakeholder,kind,impact\na,,\n")
    assert line.body == {"stakeholder": "a"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column stakeholder"),
        ("naam\nAn\n", "no column stakeholder"),
        ("stakeholder,impact\na,veel\n", "line 2: impact can't be veel"),
        ("stakeholder,impact\na,4\n", "line 2: impact can't be 4"),
        ("stakeholder,reached\na,misschien\n", "line 2: reached"),
        ("stakeholder\na\nb\na\n", "line 4: a was there before"),
        ("stakeholder,impact\n,2\n", "line 2: there is no stakeholder"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_line(text: str, words: str) -> None:
    """Before anything of the sheet was done."""
    with pytest.raises(Unreadable, match=words):
        read(text)


def test_our_own_sheet_can_be_brought_in_again() -> None:
    """What we write is what we read, and each row is a command."""
    story = given(
        RegisterStakeholder(stakeholder="tenants", impact=3, name=SAID, reached=True),
        RegisterStakeholder(stakeholder="shops", influence=2),
    )
    written = sheet(people(story, {"tenants": {"name": "=Huurders"}}))
    lines = read(written)
    bodies = {line.body["stakeholder"]: line.body for line in lines}
    assert bodies == {
        "shops": {"stakeholder": "shops", "influence": 2, "reached": False},
        "tenants": {
            "stakeholder": "tenants",
            "impact": 3,
            "reached": True,
            "name": "=Huurders",
        },
    }
    for line in lines:
        texts = {name: SAID for name in ("name",) if name in line.body}
        COMMANDS["register_stakeholder"].model_validate({**line.body, **texts})


def test_a_cell_without_end_is_told_by_its_line() -> None:
    """Quotes that do not close make one cell of all that follows."""
    text = f'stakeholder;naam\na;Anna\nb;"{"Bert" * 40_000}\n'
    with pytest.raises(Unreadable, match=r"line 3 can't be read as CSV: .*quotes"):
        read(text)
