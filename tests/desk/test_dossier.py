"""What is on file beside the steps, with real servers: who reads it, what stands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from desk import correcting
from desk.desk import Sender
from desk.disclosing import Opener
from desk.dossier import corrections, facts, gates
from desk.errors import Refused
from desk.history import opened
from desk.packs import make_pack
from desk.reflecting import reflected
from desk.sending import Answer
from evidence.verify import examine
from storage import logkey
from tests.desk.town_hall import TownHall

DIRECTOR = Sender("p-1", "process_director")
FACILITATOR = Sender("f-1", "facilitator")
STAKEHOLDER = Sender("k-1", "stakeholders")
SECRET = "Het bedrag is anderhalf miljoen"
PLAIN = "De leiding doet mee"

_numbers = count(1)


@dataclass(frozen=True)
class Case:
    """A dialogue of which one step is confidential, with words in it and outside."""

    hall: TownHall
    stream: str

    async def does(self, act: str, **body: Any) -> Answer:  # noqa: ANN401  (any member)
        """Have somebody do something."""
        answer = await self.hall.desk.send(self.stream, act, body, DIRECTOR)
        assert answer is not None
        return answer

    async def said(self, reader: Sender) -> set[str]:
        """Give the private texts that a reader gets."""
        state = await self.hall.desk.dialogue(self.stream)
        read = await opened(self.hall.desk, self.stream, state, reader)
        return set(read.words.values())

    async def packed(self, reader: Sender | None) -> str:
        """Give the openings of a pack for a reader, which verifies."""
        key = self.hall.home / "log.key"
        if not key.exists():
            logkey.create(key, "test")
        made = await make_pack(
            self.hall.desk,
            self.hall.database,
            key,
            self.stream,
            created_by="p-1",
            reader=reader,
        )
        assert made.document["sound"]
        assert examine(made.content, [made.document["key"]]).as_json()["sound"]
        return made.content.decode("latin-1") + str(made.document)


@pytest.fixture
async def case(hall: TownHall) -> AsyncIterator[Case]:
    """Start a dialogue with a facilitator, and have things said in two steps."""
    stream = f"gemeente-waterdam:dossier{next(_numbers)}"
    roles = {"process_director": ["p-1"], "facilitator": ["f-1"]}
    roles["stakeholders"] = ["k-1"]
    start = {"method": "imvo-dialoog", "title": "Keten", "roles": roles}
    await hall.desk.start(stream, start, DIRECTOR)
    made = Case(hall, stream)
    await made.does("complete_items", items=["motivatie.oprechtheid"], note=PLAIN)
    await made.does("waive_items", items=["verkenning.kennis"], reason=SECRET)
    await made.does(
        "mark_confidential",
        step="verkenning",
        readers=["facilitator"],
        reason="Zo afgesproken",
    )
    yield made
    await hall.quiet(stream)
    assert [f for f in await hall.findings() if f.startswith(stream)] == []


async def test_whoever_steers_does_not_read_a_confidential_step(case: Case) -> None:
    """Its readers do, and nothing else; others read nothing at all."""
    assert await case.said(DIRECTOR) == {PLAIN}
    assert await case.said(FACILITATOR) == {SECRET, "Zo afgesproken"}
    with pytest.raises(Refused, match="process_director"):
        await case.said(STAKEHOLDER)


async def test_claiming_the_role_opens_nothing(case: Case) -> None:
    """The director who says to be the facilitator is not."""
    assert await case.said(Sender("p-1", "facilitator")) == {PLAIN}


async def test_lifting_the_mark_lets_them_read(case: Case) -> None:
    """With a reason, on record."""
    await case.does("lift_confidential", step="verkenning", reason="Alles is verteld")
    assert SECRET in await case.said(DIRECTOR)


async def test_exports_go_by_the_same_rule(case: Case) -> None:
    """What gives texts to exports gives a reader what the history gives."""
    for reader in (DIRECTOR, FACILITATOR):
        words = await Opener(case.hall.desk, reader).words(case.stream)
        assert set(words.values()) == await case.said(reader)


@pytest.mark.parametrize(
    ("reader", "secret", "plain"),
    [
        (None, False, True),
        (DIRECTOR, False, True),
        (FACILITATOR, True, False),
        (STAKEHOLDER, False, False),
    ],
)
async def test_a_pack_withholds_what_its_reader_may_not_see(
    case: Case, reader: Sender | None, *, secret: bool, plain: bool
) -> None:
    """And says which steps are confidential; it verifies all the same."""
    content = await case.packed(reader)
    assert (SECRET in content, PLAIN in content) == (secret, plain)
    if reader in {None, DIRECTOR}:
        assert "'confidential': ['verkenning']" in content


async def test_a_correction_is_of_what_stands(case: Case) -> None:
    """The first value, then what it was corrected to; a repeat is no second one."""
    counts = {"in_favour": 70, "entitled": 100}
    answer = await case.does(
        "record_gate",
        gate="motivatie.directie",
        kind="consent",
        threshold={"percent": 70},
        counts=counts,
    )
    seq = answer.events[-1]["seq"]
    place = {"seq": seq, "pointer": "counts.in_favour", "reason": "Dubbel geteld"}
    body = {**place, "value": "69"}
    first, again = [
        await case.hall.desk.send(
            case.stream, "correct_fact", body, DIRECTOR, command_id=f"fix-{seq}"
        )
        for _ in range(2)
    ]
    assert first is not None
    assert again is not None
    assert first.events == again.events
    await case.does("correct_fact", **place, value=68, source="Proces-verbaal")
    found = await corrections(case.hall.desk, case.stream, DIRECTOR)
    assert [(c.was, c.value, c.reason) for c in found] == [
        (70, 69, "Dubbel geteld"),
        (69, 68, "Dubbel geteld"),
    ]
    (gate,) = await gates(case.hall.desk, case.stream, "nl")
    assert (gate.standing, gate.needed) == ("in_doubt", 70)
    assert gate.counts is not None
    assert gate.counts.in_favour == 68
    assert [h.counts.in_favour for h in gate.holdings] == [70]
    assert [c.value for c in gate.holdings[0].corrections] == [69, 68]


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ({"seq": 99, "pointer": "/title"}, "NoSuchEvent"),
        ({"seq": 1, "pointer": "/colour"}, "NotCorrectable"),
        ({"seq": 3, "pointer": "note"}, "NotCorrectable"),
        ({"seq": 1, "pointer": "roles"}, "NotCorrectable"),
        ({"seq": 1, "pointer": "/question"}, "NotCorrectable"),
    ],
)
async def test_a_place_without_a_figure_is_not_corrected(
    case: Case, place: dict[str, Any], name: str
) -> None:
    """Not there, private, gone by, or empty."""
    with pytest.raises(Refused) as refusal:
        await case.does("correct_fact", **place, value="x", reason="r")
    assert refusal.value.name == name
    if place["pointer"] == "/colour":
        assert "title" in str(refusal.value), "what can be corrected is named"


async def test_who_says_what_they_saw_is_taken_at_their_word(case: Case) -> None:
    """The core can't look; what they said is on record, beside what stands there."""
    told = {"seq": 1, "pointer": "/title", "value": "Ketens", "was": "Keet"}
    seen = await correcting.seen(case.hall.desk.pool, case.stream, told)
    assert seen == told


async def test_facts_stand_side_by_side(case: Case) -> None:
    """Sources that differ about one time contradict each other; a correction shows."""
    one = {"type": "werknemers", "happened": "2016", "source": "S1", "value": "168"}
    await case.does("note_fact", **one)
    await case.does("note_fact", **{**one, "source": "S3", "value": "about 150"})
    answer = await case.does("note_fact", **{**one, "type": "bedrag"})
    seq = answer.events[-1]["seq"]
    place = {"seq": seq, "pointer": "/value"}
    await case.does("correct_fact", **place, value="1.3 miljoen", reason="Overgetikt")
    workers, sum_ = await facts(case.hall.desk, case.stream)
    assert workers.contradicted
    assert [fact.value for fact in workers.facts] == ["168", "about 150"]
    assert not sum_.contradicted
    (fact,) = sum_.facts
    assert (fact.first, fact.value, fact.precision) == ("168", "1.3 miljoen", "year")


async def test_what_we_think_stands_beside_what_they_say(case: Case) -> None:
    """First and last score, theirs, and how far apart we are."""
    await case.does("record_self_assessment", scores={"inclusie": 2, "kennis": 4})
    await case.does("record_self_assessment", scores={"inclusie": 3})
    await case.hall.desk.send(
        case.stream,
        "record_evaluation",
        {
            "by": "k-1",
            "goal_reached": "partly",
            "gained_them": "We zijn gehoord",
            "scores": {"inclusie": 1},
        },
        STAKEHOLDER,
    )
    found = await reflected(case.hall.desk, case.stream, "nl", DIRECTOR)
    inclusion = next(e for e in found.elements if e.id == "inclusie")
    assert (inclusion.first, inclusion.last, inclusion.change) == (2, 3, 1)
    assert (inclusion.theirs, inclusion.apart) == ((1,), -2.0)
    both, one = [a.scored for a in found.assessments]
    assert (both, one) == (("inclusie", "kennis"), ("inclusie",))
    (said,) = found.evaluations
    assert (said.goal_reached, said.gained_them) == ("partly", "We zijn gehoord")
    assert not said.ours
    assert found.attention == {}
