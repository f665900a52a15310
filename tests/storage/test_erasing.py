"""What was granted goes with the event that names it, and nothing else ever does."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from domain.commands import AssignRole, CompleteItems
from domain.erasure_facts import HOUSE_EVENTS
from domain.facts import Private
from storage import erasing
from storage.absent import unnamed
from storage.erasing import Job, Part
from storage.house import house
from storage.keys import Keys
from storage.ownlog import New, append, append_many
from storage.pool import Pool
from storage.projecting import Projections
from storage.record import append as record
from storage.vault import PrivateField, openings, pending, put
from storage.verify import verify_all
from tests.storage.dialogues import Play
from tests.storage.planting import plant

ORGANISATION = "gemeente-waterdam"
HOUSE = f"org:{ORGANISATION}"
ACTOR = {"id": "p-1", "role": "director", "via": "cli"}


class Case:
    """One dialogue, in which something is kept about p-9 and about p-8."""

    def __init__(self, pool: Pool, keys: Keys, slug: str = "parkzicht") -> None:
        """Nothing is on record yet."""
        self.pool = pool
        self.keys = keys
        self.play = Play(slug)

    async def begins(self) -> None:
        """Start the dialogue, and give two people a role."""
        await record(self.pool, self.play.batch(self.play.starts(), 1), Projections())
        await self.assigns("p-9", "facilitator", "Anna de Vries", "anna@example.org")
        await self.assigns("p-8", "speaker", "Bram Bakker", "bram@example.org")

    async def assigns(self, who: str, role: str, name: str, address: str) -> None:
        """Give somebody a role, with name and address."""
        cause = f"assign-{len(self.play.sealed)}"
        fields = [
            PrivateField("/name", who, name),
            PrivateField("/address", who, address),
        ]
        made = await put(self.pool, self.keys, self.play.stream, cause, fields)
        new = self.play.does(
            AssignRole(
                role=role,
                actor=who,
                name=Private(commitment=made["/name"]),
                address=Private(commitment=made["/address"]),
            ),
            cause=cause,
        )
        await record(self.pool, self.play.batch(new, 1), Projections())

    async def findings(self) -> list[str]:
        """Give what a check of the whole record finds."""
        async with self.pool.connection() as conn:
            report = await verify_all(conn, self.keys)
        assert report.vault_checked
        return [f"{f.stream} {f.seq} {f.check}: {f.detail}" for f in report.findings]


async def granted(
    pool: Pool, keys: Keys, subject: str = "p-9", name: str = "e1"
) -> Job:
    """Have the erasure of somebody requested and granted, and begin it."""
    cause = f"polder:erasure:{name}:requested"
    kept = await put(
        pool, keys, HOUSE, cause, [PrivateField("/subject", subject, subject)]
    )
    data: dict[str, Any] = {"erasure": name, "subject": None}
    asked = await append(
        pool, HOUSE, "erasure_requested", data, cause=cause, actor=ACTOR, private=kept
    )
    decided = {
        "erasure": name,
        "request": asked.seq,
        "granted": True,
        "ground": "objection",
        "authority": "besluit 7",
        "explanation": None,
    }
    cause = f"polder:erasure:{name}:decided"
    await append(pool, HOUSE, "erasure_decided", decided, cause=cause, actor=ACTOR)
    assert await erasing.begin(pool, ORGANISATION, name, subject)
    (job,) = await erasing.jobs(pool, ORGANISATION, name)
    return job


async def named(pool: Pool, part: Part) -> None:
    """Put on record that these places were erased."""
    paths: list[Any] = [list(place) for place in part.paths]
    await append_many(
        pool,
        part.stream,
        [New("personal_data_erased", {"paths": paths})],
        cause=part.cause,
        projections=Projections(),
    )


async def test_every_field_about_a_person_is_named(pool: Pool, keys: Keys) -> None:
    """What is on record in every dialogue of the organisation, and nobody else's."""
    for slug in ("parkzicht", "dijk"):
        await Case(pool, keys, slug).begins()
    job = await granted(pool, keys)
    await erasing.prepare(pool, job)
    found = await erasing.parts(pool, job=job)
    assert [(part.stream, part.paths) for part in found] == [
        (f"{ORGANISATION}:dijk", ((2, "/address"), (2, "/name"))),
        (f"{ORGANISATION}:parkzicht", ((2, "/address"), (2, "/name"))),
        (HOUSE, ((1, "/subject"),)),
    ]
    assert all(part.cause.startswith("polder:erased:e1:2.") for part in found[:2])
    await erasing.prepare(pool, job)
    assert await erasing.parts(pool, job=job) == found


async def test_a_value_goes_with_the_event_that_names_it(
    pool: Pool, keys: Keys
) -> None:
    """Before it the value is there, after it the event is; the record is sound both."""
    case = Case(pool, keys)
    await case.begins()
    job = await granted(pool, keys)
    await erasing.prepare(pool, job)
    for part in await erasing.parts(pool, job=job):
        assert await case.findings() == []
        await named(pool, part)
        assert await case.findings() == []
    assert await erasing.left(pool, ORGANISATION, "p-9") == 0
    assert await erasing.left(pool, ORGANISATION, "p-8") == 2
    assert await erasing.parts(pool, job=job) == ()
    assert {o.subject for o in await openings(pool, keys, case.play.stream)} == {"p-8"}
    assert await unnamed(pool, case.play.stream) == ()
    await keys.destroy(ORGANISATION, "p-9")
    assert await case.findings() == []


async def test_what_was_not_decided_does_not_go(pool: Pool, keys: Keys) -> None:
    """An event that names a field of its own accord destroys nothing, and is found."""
    case = Case(pool, keys)
    await case.begins()
    for cause in ("c-9", "polder:erased:e1:2.abcdef01"):
        await named(pool, Part(case.play.stream, cause, ((2, "/name"),)))
    assert await erasing.left(pool, ORGANISATION, "p-9") == 2
    found = await case.findings()
    assert [one for one in found if "was erased, and is still in the vault" in one]
    assert len([one for one in found if "no decision on record" in one]) == 2


async def test_an_event_that_names_less_takes_less(pool: Pool, keys: Keys) -> None:
    """Under the right cause, too, only what the event names goes."""
    case = Case(pool, keys)
    await case.begins()
    job = await granted(pool, keys)
    await erasing.prepare(pool, job)
    part = (await erasing.parts(pool, job=job))[0]
    await named(pool, part._replace(paths=part.paths[:1]))
    assert await erasing.left(pool, ORGANISATION, "p-9") == 2
    assert await case.findings() == []


@pytest.mark.parametrize("subject", ["p-8", "p-404", ""])
async def test_only_who_was_asked_for_is_erased(
    pool: Pool, keys: Keys, subject: str
) -> None:
    """A job begins for the person that the request names, and for nobody else."""
    await granted(pool, keys, name="other")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await erasing.begin(pool, ORGANISATION, "e9", "p-9")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await erasing.begin(pool, ORGANISATION, "other", subject)


async def test_what_waits_goes_at_once(pool: Pool, keys: Keys) -> None:
    """A value without an event is destroyed; the event that comes finds none."""
    case = Case(pool, keys)
    await case.begins()
    made = await put(
        pool, keys, case.play.stream, "later", [PrivateField("/note", "p-9", "zacht")]
    )
    job = await granted(pool, keys)
    await erasing.prepare(pool, job)
    assert await pending(pool) == 0
    (job,) = await erasing.jobs(pool, ORGANISATION, "e1")
    assert job.waiting == 1
    first = len(case.play.sealed)
    assert case.play.state is not None
    item = next(iter(case.play.state.plan.items))
    case.play.does(
        CompleteItems(items=(item,), note=Private(commitment=made["/note"])),
        cause="later",
    )
    receipt = await record(pool, case.play.batch(case.play.sealed[first:], 1))
    assert [path for _, path in receipt.missing] == ["/note"]


async def test_many_fields_are_named_in_parts(pool: Pool, keys: Keys) -> None:
    """What one event can't hold is divided, each part under a cause of its own."""
    case = Case(pool, keys)
    await case.begins()
    for number in range(280):
        cause = f"polder:many:{number}"
        kept = await put(pool, keys, HOUSE, cause, [PrivateField("/a", "p-9", "x")])
        data: dict[str, Any] = {"a": None, "n": number}
        await append(pool, HOUSE, "many", data, cause=cause, actor=ACTOR, private=kept)
    job = await granted(pool, keys)
    await erasing.prepare(pool, job)
    house = [
        part for part in await erasing.parts(pool, job=job) if part.stream == HOUSE
    ]
    assert [len(part.paths) for part in house] == [250, 31]
    assert len({part.cause for part in house}) == 2
    for part in await erasing.parts(pool, job=job):
        await named(pool, part)
    assert await erasing.left(pool, ORGANISATION, "p-9") == 0
    assert await case.findings() == []


async def test_fields_of_one_command_share_a_value(pool: Pool, keys: Keys) -> None:
    """Each event of a command that commits to a value is named, not only the first."""
    case = Case(pool, keys)
    await case.begins()
    kept = await put(pool, keys, HOUSE, "c-1", [PrivateField("/reason", "p-9", "kort")])
    two = [New("one", {"reason": None}, kept), New("two", {"reason": None}, kept)]
    await append_many(pool, HOUSE, two, cause="c-1", actor=ACTOR)
    job = await granted(pool, keys)
    await erasing.prepare(pool, job)
    (house,) = [p for p in await erasing.parts(pool, job=job) if p.stream == HOUSE]
    assert house.paths == ((1, "/reason"), (2, "/reason"), (3, "/subject"))
    await named(pool, house)
    assert await case.findings() == []


async def test_a_job_ends_when_it_is_said_to_be_done(pool: Pool, keys: Keys) -> None:
    """Not while a field waits for its event, nor before the event that says so."""
    await Case(pool, keys).begins()
    job = await granted(pool, keys)
    await erasing.prepare(pool, job)
    assert not await erasing.finish(pool, ORGANISATION, "e1")
    for part in await erasing.parts(pool, job=job):
        await named(pool, part)
    assert not await erasing.finish(pool, ORGANISATION, "e1")
    await append(pool, HOUSE, "erasure_executed", {"erasure": "e1"}, cause="done")
    assert await erasing.finish(pool, ORGANISATION, "e1")
    assert await erasing.jobs(pool) == ()
    assert not await erasing.begin(pool, ORGANISATION, "e1", "p-9")


async def test_holds_cover_what_they_name(pool: Pool, keys: Keys) -> None:
    """A dialogue, a person, or all; until they are lifted."""
    subject = [PrivateField("/subject", "p-9", "p-9")]
    kept = await put(pool, keys, HOUSE, "h-person", subject)
    for name, dialogue, private in (
        ("slug", "parkzicht", {}),
        ("person", None, kept),
        ("all", None, {}),
    ):
        data: dict[str, Any] = {"hold": name, "dialogue": dialogue, "subject": None}
        cause = f"h-{name}"
        await append(pool, HOUSE, "hold_placed", data, cause=cause, private=private)

    async def held(dialogue: str | None, subject: str | None) -> tuple[str, ...]:
        return await erasing.holds(
            pool, ORGANISATION, dialogue=dialogue, subject=subject
        )

    assert await held("parkzicht", "p-9") == ("slug", "person", "all")
    assert await held("dijk", "p-8") == ("all",)
    await append(pool, HOUSE, "hold_lifted", {"hold": "all"}, cause="l-all")
    assert await held("dijk", "p-8") == ()
    assert await held("dijk", "p-9") == ("person",)
    assert await held("parkzicht", None) == ("slug",)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM vault.value WHERE command_id = 'h-person'",
        "UPDATE vault.value SET commitment = sha256('x') WHERE command_id = 'h-person'",
    ],
)
async def test_a_hold_whose_person_is_lost_holds_all(
    pool: Pool, keys: Keys, url: str, change: str
) -> None:
    """Whoever it may be about stays, in this organisation; and it is a finding."""
    case = Case(pool, keys)
    await case.begins()
    subject = [PrivateField("/subject", "p-9", "p-9")]
    kept = await put(pool, keys, HOUSE, "h-person", subject)
    data: dict[str, Any] = {"hold": "person", "dialogue": None, "subject": None}
    await append(
        pool, HOUSE, "hold_placed", data, cause="h-person", actor=ACTOR, private=kept
    )
    assert await erasing.holds(pool, ORGANISATION, subject="p-8") == ()
    assert await case.findings() == []
    job = await granted(pool, keys, "p-8")
    await erasing.prepare(pool, job)
    assert len(await erasing.approved(pool, case.play.stream)) == 1
    await plant(url, change)
    assert await erasing.without_person(pool, ORGANISATION) == ("person",)
    for on in ({"subject": "p-9"}, {"subject": "p-8"}, {"dialogue": "dijk"}, {}):
        assert await erasing.holds(pool, ORGANISATION, **on) == ("person",)
    assert await erasing.holds(pool, "elders", subject="p-9") == ()
    assert await erasing.approved(pool, case.play.stream) == ()
    found = await case.findings()
    assert any("whom hold person is about: it holds all" in one for one in found)
    await append(pool, HOUSE, "hold_lifted", {"hold": "person"}, cause="l-person")
    assert await erasing.holds(pool, ORGANISATION, subject="p-8") == ()
    assert not [one for one in await case.findings() if "it holds all" in one]


async def test_what_polder_would_not_have_written_says_nothing(pool: Pool) -> None:
    """Whoever may append to an organisation's stream keeps nobody from the rest."""
    for number, kind in enumerate(HOUSE_EVENTS):
        cause = f"forged-{number}"
        await append(pool, HOUSE, kind, {"x": 1}, cause=cause, actor=ACTOR)

    found = await house(pool, ORGANISATION)
    assert not any((found.cases, found.holds, found.destroyed))
