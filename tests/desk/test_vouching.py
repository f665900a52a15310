"""An organisation says whose keys it trusts; its dialogues follow, old ones too."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import pytest

from desk.desk import Desk, Sender
from desk.errors import Refused, Unreachable
from desk.exceptions import unusual
from desk.minding import say_key
from desk.signing import TRUSTED
from desk.signs import Signs, found, kept, read_kinds
from desk.vouching import allow, distrust, known, rotate, trust
from evidence.census import LOG_STREAM
from storage import deskkey
from storage.ownlog import events as log_events
from storage.queries import events
from tests.desk.town_hall import METHOD, TownHall

BOSS = Sender("d-1", "director", "cli")
DIRECTOR = Sender("p-1", "process_director", "cli")
NUMBERS = count(1)


class House:
    """An organisation of its own, with a desk that has a key and one that has none."""

    def __init__(self, hall: TownHall, path: Path) -> None:
        """Make the key."""
        self.name = f"waterdam-{next(NUMBERS)}"
        self.path = path
        self.plain = hall.desk
        self.key = deskkey.create(path)
        self.desk = self.signing(path)

    def signing(self, path: Path) -> Desk:
        """Give a desk with the key in a file."""
        desk = self.plain.within(self.plain.pool)
        desk.signer = Signs(path)
        return desk

    async def begins(self, slug: str, desk: Desk | None = None) -> str:
        """Start a dialogue."""
        stream = f"{self.name}:{slug}"
        start = {"method": METHOD, "title": "Parkzicht"}
        await (desk or self.desk).start(stream, start, DIRECTOR)
        return stream

    async def does(self, stream: str, desk: Desk | None = None) -> dict[str, Any]:
        """Do something over a desk; give its event."""
        body = {"type": "zaak", "source": "z-1"}
        await (desk or self.desk).send(stream, "note_signal", body, DIRECTOR)
        return dict((await events(self.plain.pool, stream))[-1].members)

    async def unusual(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Give what is out of the ordinary, of what no desk vouches for."""
        told = await unusual(self.plain, self.name, by="a-1")
        kinds = {"strange_key", "unsigned"}
        return [
            (one.kind, one.stream, dict(one.facts))
            for one in told.exceptions
            if one.kind in kinds
        ]


@pytest.fixture
async def house(hall: TownHall, tmp_path: Path) -> House:
    """An organisation of its own; a worker looked after its desk."""
    house = House(hall, tmp_path / "desk.key")
    assert await say_key(house.desk)
    assert await say_key(house.desk)
    return house


async def test_a_start_over_a_desk_trusts_its_key(house: House) -> None:
    """The log has it as the installation's own, and nothing is unusual."""
    first = await house.begins("een")
    await house.begins("twee")
    told = await known(house.desk, house.name)
    assert told.own == (house.key.id, house.key.public)
    assert told.vouched.keys == {}
    assert [{*each.keys} for each in told.dialogues] == [{house.key.id}] * 2
    assert not await events(house.plain.pool, f"org:{house.name}")
    (own,) = [
        event.data["public"]
        for event in await log_events(house.plain.pool, LOG_STREAM, [TRUSTED])
        if event.data["key"] == house.key.id
    ]
    assert own == house.key.public
    assert (await house.does(first))["actor"]["via"] == "cli"
    assert await house.unusual() == []


async def test_a_desk_without_a_key_goes_on_as_before(house: House) -> None:
    """Where no key is trusted its word is taken; and what is signed is taken too."""
    stream = await house.begins("een", house.plain)
    assert (await house.does(stream, house.plain))["actor"]["via"] == "cli"
    assert (await house.does(stream))["actor"]["via"] == "cli"
    assert await house.unusual() == []


async def test_a_dialogue_of_before_trusts_a_key_when_told(house: House) -> None:
    """From then on what comes without a key is on record as such, and unusual."""
    stream = await house.begins("een", house.plain)
    (reached,) = await trust(house.desk, house.name, BOSS)
    assert (reached.stream, reached.trouble) == (stream, None)
    assert await trust(house.desk, house.name, BOSS) == ()
    assert (await house.does(stream))["actor"]["via"] == "cli"
    assert (await house.does(stream, house.plain))["actor"]["via"] == "update"
    ((kind, where, facts),) = await house.unusual()
    assert (kind, where) == ("unsigned", stream)
    assert facts["actor"] == "p-1"


async def test_less_is_taken_unsigned_when_the_organisation_says_so(
    house: House,
) -> None:
    """In the dialogues that there are, and in those that start later."""
    first = await house.begins("een")
    await allow(house.desk, house.name, ("complete_items",), BOSS)
    second = await house.begins("twee")
    for stream in (first, second):
        with pytest.raises(Refused) as refused:
            await house.does(stream, house.plain)
        assert refused.value.name == "Unsigned"
        assert refused.value.facts["allowed"] == "complete_items"
        assert (await house.does(stream))["actor"]["via"] == "cli"
    await allow(house.desk, house.name, None, BOSS)
    assert (await house.does(second, house.plain))["actor"]["via"] == "update"


async def test_a_key_is_replaced_everywhere(house: House) -> None:
    """The old one is believed no more; a desk that runs signs with the new one."""
    stream = await house.begins("een")
    old_file = house.path.with_name("stolen.key")
    old_file.write_bytes(house.path.read_bytes())
    done = await rotate(house.desk, BOSS, reason="De server is vervangen")
    assert [one.trouble for one in done.reached] == [None]
    assert deskkey.read(house.path).id == done.new != done.old == house.key.id
    assert deskkey.public_path(house.path).read_text().strip() == (
        deskkey.read(house.path).public
    )
    assert (await house.does(stream))["actor"]["via"] == "cli"
    with pytest.raises(Refused) as refused:
        await house.does(stream, house.signing(old_file))
    assert refused.value.name == "BadSignature"
    with pytest.raises(Refused) as again:
        await house.begins("twee", house.signing(old_file))
    assert again.value.name == "UnknownDeskKey"
    assert await house.unusual() == []


async def test_the_last_key_stays(house: House) -> None:
    """Without one anybody could speak in anybody's name."""
    stream = await house.begins("een")
    body = {"key": house.key.id, "reason": "Weg ermee"}
    with pytest.raises(Refused) as refused:
        await house.desk.send(stream, "distrust_desk_key", body, DIRECTOR)
    assert refused.value.name == "LastDeskKey"


async def test_a_key_that_the_organisation_never_trusted_is_unusual(
    house: House, tmp_path: Path
) -> None:
    """Whoever steers a dialogue brought it in; the organisation never said so."""
    stream = await house.begins("een")
    other = deskkey.create(tmp_path / "other.key")
    body = {"public": other.public}
    await house.desk.send(stream, "trust_desk_key", body, DIRECTOR)
    ((kind, where, facts),) = await house.unusual()
    assert (kind, where, facts["key"]) == ("strange_key", stream, other.id)
    await trust(house.desk, house.name, BOSS, public=other.public)
    assert await house.unusual() == []


async def test_who_may_not_speak_for_the_organisation_changes_no_key(
    house: House,
) -> None:
    """Neither its keys nor what it takes unsigned."""
    for act in (
        trust(house.desk, house.name, DIRECTOR),
        allow(house.desk, house.name, (), DIRECTOR),
        distrust(house.desk, house.name, house.key.id, DIRECTOR, reason="x"),
    ):
        with pytest.raises(Refused) as refused:
            await act
        assert refused.value.name == "NotEntitled"


def test_a_setting_says_what_a_desk_signs_with(tmp_path: Path) -> None:
    """A desk that finds no key signs nothing; a server makes its own if told where."""
    usual = tmp_path / "keys" / "desk.key"
    assert found(None, usual) is None
    assert kept(None) is None
    assert found("none", usual) is None
    made = kept(str(usual), "note_signal, complete_items")
    assert made is not None
    assert usual.stat().st_mode & 0o777 == 0o600
    assert made.unsigned == ("complete_items", "note_signal")
    assert found(None, usual) is not None
    assert found("none", usual) is None
    with pytest.raises(Unreachable):
        _ = Signs(tmp_path / "nowhere").key
    assert (read_kinds("all"), read_kinds("none"), read_kinds(None)) == (None, (), None)
