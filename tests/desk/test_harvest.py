"""The harvest from the desk to the letter, the list and the record, on real servers."""

from __future__ import annotations

import re
from io import StringIO

import pytest

from cli.harvest import show
from cli.page import Page
from desk.desk import Sender
from desk.errors import Refused
from desk.executing import execute
from desk.harvest import Harvest, document, harvest, promises
from tests.desk.town_hall import DIRECTOR, OFFICER, ORGANISATION, TownHall

WHAT = "De duiker onder de Kade wordt verbreed"
HOW = "Samen met het waterschap"
WHY = "Het water stond te hoog"
HASH = "ab" * 32


async def promised(hall: TownHall, stream: str, **more: object) -> None:
    """Have Anna promise something."""
    told = {"agreement": "duiker", "what": WHAT, "how": HOW, "who": "anna"}
    await hall.does(stream, "make_agreement", **told, **more)


def page_of(found: Harvest) -> str:
    """Give the page as a file gets it."""
    out = StringIO()
    show(Page(out), found)
    return out.getvalue()


async def test_a_promise_is_in_the_letter_to_who_made_it_and_nowhere_in_the_record(
    hall: TownHall,
) -> None:
    """The director reads it in the list; others read that there is one."""
    stream = await hall.dialogue(words=False)
    await promised(hall, stream, duration={"working_days": 10})
    await hall.quiet(stream)
    assert WHAT in hall.letters()
    assert HOW in hall.letters()
    (closed,) = (await harvest(hall.desk, stream)).agreements
    assert (closed.who, closed.standing, closed.words) == ("anna", "open", {})
    (opened,) = (await harvest(hall.desk, stream, DIRECTOR)).agreements
    assert opened.words == {"what": WHAT, "how": HOW}
    with pytest.raises(Refused):
        await harvest(hall.desk, stream, Sender("k-1", "parties"))
    assert await hall.findings() == []


async def test_what_is_promised_is_listed_over_all_dialogues_until_it_is_settled(
    hall: TownHall,
) -> None:
    """By last day; those of an archived dialogue are watched by nobody."""
    later, sooner, gone = [await hall.dialogue(words=False) for _ in range(3)]
    await promised(hall, later, duration={"working_days": 20})
    await promised(hall, sooner, duration={"working_days": 5})
    await promised(hall, gone, duration={"working_days": 1})
    await hall.quiet(gone)
    await hall.does(gone, "cancel_dialogue", reason=WHY)
    listed = [p.stream for p in await promises(hall.desk, organisation=ORGANISATION)]
    mine = [stream for stream in listed if stream in {later, sooner, gone}]
    assert mine == [gone, sooner, later]
    await hall.does(gone, "archive_dialogue", reason=WHY)
    told = {"agreement": "duiker", "outcome": "kept", "reason": WHY}
    await hall.does(sooner, "settle_agreement", **told)
    listed = [p.stream for p in await promises(hall.desk, "p-1")]
    assert [s for s in listed if s in {later, sooner, gone}] == [later]
    (kept,) = (await harvest(hall.desk, sooner, DIRECTOR)).agreements
    assert (kept.standing, kept.words["reason"]) == ("kept", WHY)
    assert kept.last_day is not None
    assert await promises(hall.desk, organisation="gemeente-elders") == []


async def test_of_an_agreement_of_several_the_list_says_what_each_did(
    hall: TownHall,
) -> None:
    """Each gets the letter; what became of each part is listed, and verifies."""
    stream = await hall.dialogue(words=False)
    await promised(hall, stream, others=["bram"], repeats=365)
    await hall.quiet(stream)
    assert hall.letters().count(f"{stream}, e") == 2
    told = {"agreement": "duiker", "reason": WHY}
    await hall.does(stream, "settle_agreement", **told, party="bram", outcome="broken")
    found = await harvest(hall.desk, stream)
    (one,) = found.agreements
    assert (one.parties, one.parts) == (("anna", "bram"), {"bram": "broken"})
    assert document(one)["parties"][1] == {
        "who": "bram",
        "outcome": "broken",
        "before": None,
    }
    page = page_of(found)
    assert "2 partijen, nog 1 open" in page
    assert re.search(r"bram +niet nagekomen", page)
    await hall.does(stream, "settle_agreement", **told, party="anna", outcome="kept")
    (one,) = (await harvest(hall.desk, stream)).agreements
    assert one.open
    assert one.last_parts == {"bram": "broken", "anna": "kept"}
    assert await hall.findings() == []


async def test_a_report_is_told_retracted_and_seen_to_be(hall: TownHall) -> None:
    """To those who hold the roles, with the reason, and its chain stays in sight."""
    stream = await hall.dialogue(words=False)
    told = {"reference": "https://waterdam.nl/1", "sha256": HASH, "to": ["parties"]}
    draft = {"report": "een", "status": "draft", "title": "Eerste concept", **told}
    again = {"report": "twee", "status": "final", "title": "Eindverslag", **told}
    await hall.does(stream, "publish_report", **draft)
    await hall.does(stream, "publish_report", **again, supersedes="een")
    await hall.does(stream, "retract_report", report="twee", reason=WHY)
    await hall.quiet(stream)
    letters = hall.letters()
    assert "Subject: Verslag: Eindverslag" in letters
    assert "Subject: Niet meer te gebruiken: Eindverslag" in letters
    assert WHY in letters
    found = await harvest(hall.desk, stream, DIRECTOR)
    shown = page_of(found)
    assert "vervangen door twee" in shown
    assert "ingetrokken" in shown
    assert WHY in shown
    assert await hall.findings() == []


async def test_late_feedback_gets_its_answer_by_letter(hall: TownHall) -> None:
    """It waits in the list until then."""
    stream = await hall.dialogue(words=False)
    results = {"communication": "brief", "to": ["parties"], "outside": ["provincie"]}
    await hall.does(stream, "communicate_results", **results)
    said = {"respondent": "anna", "response": "De speelplek ontbreekt"}
    await hall.does(stream, "note_late_feedback", **said)
    (waiting,) = (await harvest(hall.desk, stream, DIRECTOR)).rows["feedback"]
    assert (waiting.data["answer"], waiting.data["response"]) == (
        None,
        said["response"],
    )
    reason = "De speelplek komt in fase 2"
    told = {"feedback": waiting.id, "outcome": "partly", "reason": reason}
    await hall.does(stream, "answer_late_feedback", **told)
    await hall.quiet(stream)
    assert reason in hall.letters()
    (answered,) = (await harvest(hall.desk, stream)).rows["feedback"]
    assert answered.data["answer"]["outcome"] == "partly"
    assert await hall.findings() == []


async def test_whoever_is_erased_takes_the_words_of_their_promise_along(
    hall: TownHall,
) -> None:
    """That it was made stays, by whom by an opaque id, and the record still holds."""
    stream = await hall.dialogue(words=False)
    await promised(hall, stream)
    await hall.quiet(stream)
    await hall.granted("er-duiker", "anna")
    await execute(hall.desk, ORGANISATION, "er-duiker", OFFICER)
    (left,) = (await harvest(hall.desk, stream, DIRECTOR)).agreements
    assert (left.who, left.words) == ("anna", {})
    assert await hall.findings() == []
