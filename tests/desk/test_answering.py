"""Answers from the desk to the letter: given, told, shown, and kept in a sheet."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from desk.answer_sheet import SheetInvalid, Wish, read, write
from desk.answered import ResponseView
from desk.answering import Answers, answers, percent
from desk.desk import Sender
from desk.errors import Refused
from desk.gathering import respond
from desk.methods import publish_method
from domain.need import Need
from domain.progress import needs_attention
from tests.desk.town_hall import DIRECTOR, ORGANISATION, TownHall

TRIAL = Path(__file__).parents[1] / "domain" / "method.yaml"
WINDOW = "belangen.klopt-het-beeld"
SAID = "Het plein is te donker"
WHY = "Er komen vier lantaarns bij."


async def asked(hall: TownHall, *people: str) -> str:
    """Start a dialogue in which these parties have responded."""
    stream = await hall.dialogue(words=False)
    await hall.does(stream, "complete_items", step="kennismaken")
    await hall.does(stream, "complete_step", step="kennismaken")
    await hall.does(stream, "start_step", step="belangen")
    await hall.does(stream, "open_window", window=WINDOW)
    for who in people:
        told = {"window": WINDOW, "respondent": who, "response": f"{SAID}, {who}"}
        await hall.does(stream, "record_response", **told)
    return stream


async def seen(hall: TownHall, stream: str, *, opened: bool = False) -> Answers:
    """Look at the responses, as the director or as anybody."""
    reader = DIRECTOR if opened else None
    return await answers(hall.desk, stream, "nl", reader=reader)


def by_number(found: Answers) -> dict[int, ResponseView]:
    """The responses by their number."""
    return {view.number: view for view in found.responses}


async def test_an_answer_reaches_the_respondent_and_is_seen_to(hall: TownHall) -> None:
    """From command to letter and back: outcome, reason, and who was told."""
    stream = await asked(hall, "anna", "k-1", "bram")
    group = {"group": "licht", "window": WINDOW, "numbers": "1-2", "because": "theme"}
    await hall.does(stream, "group_responses", **group)
    told = {"group": "licht", "outcome": "adopted", "reason": WHY}
    await hall.does(stream, "answer_response", **told)
    await hall.quiet(stream)
    assert WHY in hall.letters()
    found = by_number(await seen(hall, stream, opened=True))
    assert [found[n].standing for n in (1, 2, 3)] == ["adopted", "adopted", "waiting"]
    assert (found[1].told, found[2].told, found[3].told) == (True, False, None)
    assert found[1].text == f"{SAID}, anna"
    assert (found[1].answers[0].reason, found[1].groups) == (WHY, ("licht",))
    assert await hall.findings() == []


async def test_somebody_of_the_public_gets_an_answer_at_the_address_they_gave(
    hall: TownHall,
) -> None:
    """Without an account and without a role: the answer comes back all the same."""
    await publish_method(hall.desk, TRIAL, "d-1")
    stream, ideas = f"{ORGANISATION}:public-1", "brief.ideas"
    roles = {"roles": {"director": ["d-1"]}, "language": "en"}
    director = Sender("d-1", "director")
    start = {"method": "proefmethode", "title": "Parkzicht", **roles}
    await hall.desk.start(stream, start, director)
    await hall.desk.send(stream, "start_step", {"step": "brief"}, director)
    told = {"window": ideas, "respondent": "r-1", "response": "More trees"}
    said = await respond(
        hall.desk,
        stream,
        {**told, "address": "ria@example.org"},
        Sender("r-1", "public"),
    )
    assert said.recorded
    answer = {"window": ideas, "numbers": "1", "outcome": "adopted", "reason": "Ten."}
    await hall.desk.send(stream, "answer_response", answer, director)
    await hall.quiet(stream)
    found = await answers(hall.desk, stream, "en", reader=director)
    assert found.responses[0].told
    assert "To: ria@example.org" in hall.letters()
    assert await hall.findings() == []


async def test_private_words_are_for_who_runs_the_process(hall: TownHall) -> None:
    """Anybody sees what became of responses; only the director what was said."""
    stream = await asked(hall, "anna")
    told = {"window": WINDOW, "numbers": "1", "outcome": "not", "reason": WHY}
    await hall.does(stream, "answer_response", **told)
    (view,) = (await seen(hall, stream)).responses
    assert (view.text, view.answers[0].reason, view.standing) == (None, None, "not")
    with pytest.raises(Refused):
        await answers(hall.desk, stream, "nl", reader=Sender("k-1", "parties"))


async def test_coverage_is_exact(hall: TownHall) -> None:
    """By window and together, with what was left and what waits."""
    stream = await asked(hall, "anna", "bram", "k-1")
    told = {"window": WINDOW, "numbers": "1", "outcome": "partly", "reason": WHY}
    await hall.does(stream, "answer_response", **told)
    left = {"window": WINDOW, "numbers": "2", "reason": "Hoort bij een ander plan"}
    await hall.does(stream, "leave_unanswered", **left)
    found = await seen(hall, stream)
    total = found.total
    assert (total.total, total.answered, total.left, total.waiting) == (3, 1, 1, 1)
    assert percent(total.answered, total.total) == "33.3"
    assert [one.act for one in found.given] == ["answered", "left"]


async def test_a_change_is_told_again_and_the_first_answer_stays(
    hall: TownHall,
) -> None:
    """Both answers are seen; only the last one holds."""
    stream = await asked(hall, "anna")
    for outcome, why in (("not", "Te duur."), ("adopted", "Er is toch geld.")):
        told = {"window": WINDOW, "numbers": "1", "outcome": outcome, "reason": why}
        await hall.does(stream, "answer_response", **told)
        await hall.quiet(stream)
    (view,) = (await seen(hall, stream, opened=True)).responses
    assert [(one.outcome, one.holds) for one in view.answers] == [
        ("not", False),
        ("adopted", True),
    ]
    letters = hall.letters()
    assert "Te duur." in letters
    assert "Er is toch geld." in letters


async def test_an_answer_that_did_not_arrive_goes_again_once_there_is_an_address(
    hall: TownHall,
) -> None:
    """As it was, to them alone; and then it is told, and asks nothing more."""
    stream = await asked(hall, "anna", "k-1")
    told = {"window": WINDOW, "numbers": "1-2", "outcome": "not", "reason": WHY}
    await hall.does(stream, "answer_response", **told)
    await hall.quiet(stream)
    (given,) = (await seen(hall, stream)).given
    assert (given.told, given.untold) == (1, 1)
    state = await hall.desk.dialogue(stream)
    assert Need("answers_untold", WINDOW) in needs_attention(state)
    at = {"role": "parties", "actor": "k-1", "address": "kees@example.org"}
    await hall.does(stream, "assign_role", **at)
    before = hall.letters().count(WHY)
    await hall.does(stream, "tell_answers_again", window=WINDOW)
    await hall.quiet(stream)
    assert hall.letters().count(WHY) == before + 1
    found = await seen(hall, stream)
    assert [view.told for view in found.responses] == [True, True]
    assert [(one.told, one.untold) for one in found.given] == [(2, 0)]
    state = await hall.desk.dialogue(stream)
    assert Need("answers_untold", WINDOW) not in needs_attention(state)
    with pytest.raises(Refused, match="arrived"):
        await hall.does(stream, "tell_answers_again", window=WINDOW)
    assert await hall.findings() == []


async def test_a_sheet_tells_moments_by_the_dialogues_clock(
    hall: TownHall, tmp_path: Path
) -> None:
    """Whoever fills it in knows no other."""
    found = await seen(hall, await asked(hall, "anna"), opened=True)
    write(tmp_path / "sheet.csv", found, "nl")
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig", newline="") as told:
        (row,) = csv.DictReader(told, delimiter=";")
    received = datetime.fromisoformat(found.responses[0].received)
    local = received.astimezone(ZoneInfo("Europe/Amsterdam"))
    assert row["ontvangen"] == f"{local:%Y-%m-%d %H:%M}"


def filled(path: Path, **by_number: tuple[str, str]) -> None:
    """Fill in a sheet as somebody in a municipality does."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = csv.reader(file, delimiter=";")
    what, why = heading.index("wat wij ermee doen"), heading.index("waarom")
    number = heading.index("nummer")
    for row in rows:
        row[what], row[why] = by_number.get(f"n{row[number]}", (row[what], row[why]))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([heading, *rows])


async def test_a_sheet_that_is_filled_in_gives_the_answers(
    hall: TownHall, tmp_path: Path
) -> None:
    """Rows that say the same are one command; what is on record is not said again."""
    stream = await asked(hall, "anna", "bram", "k-1", "k-2")
    sheet = tmp_path / "reacties.csv"
    write(sheet, await seen(hall, stream, opened=True), "nl")
    filled(
        sheet,
        n1=("overgenomen", WHY),
        n2=("Deels overgenomen", "Twee lantaarns."),
        n3=("overgenomen", WHY),
        n4=("geen antwoord", "Gaat over een ander plein."),
    )
    now = await seen(hall, stream, opened=True)
    wishes = read(sheet, now, "nl")
    assert wishes == [
        Wish(
            "answer_response",
            {"window": WINDOW, "numbers": "1,3", "reason": WHY, "outcome": "adopted"},
            2,
        ),
        Wish(
            "answer_response",
            {
                "window": WINDOW,
                "numbers": "2",
                "reason": "Twee lantaarns.",
                "outcome": "partly",
            },
            1,
        ),
        Wish(
            "leave_unanswered",
            {
                "window": WINDOW,
                "numbers": "4",
                "reason": "Gaat over een ander plein.",
            },
            1,
        ),
    ]
    for wish in wishes:
        await hall.does(stream, wish.kind, **wish.body)
    again = await seen(hall, stream, opened=True)
    assert read(sheet, again, "nl") == []
    assert again.total.waiting == 0
    write(sheet, again, "nl")
    assert read(sheet, again, "nl") == []


async def test_a_sheet_with_a_mistake_changes_nothing_and_says_where(
    hall: TownHall, tmp_path: Path
) -> None:
    """Every line is checked before the first command is sent."""
    stream = await asked(hall, "anna", "bram")
    sheet = tmp_path / "reacties.csv"
    found = await seen(hall, stream, opened=True)
    write(sheet, found, "nl")
    filled(sheet, n1=("misschien", WHY), n2=("overgenomen", ""))
    with pytest.raises(SheetInvalid) as refused:
        read(sheet, found, "nl")
    assert refused.value.problems == (
        (
            "2: ‘misschien’ is niet een van: overgenomen, deels overgenomen, "
            "niet overgenomen, geen antwoord"
        ),
        "3: bij het antwoord staat geen waarom",
    )
    sheet.write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(SheetInvalid, match="er is geen kolom ‘reactietermijn’"):
        read(sheet, found, "nl")
