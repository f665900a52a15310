"""`polder` asks a Polder elsewhere what it asks one's own, and says the same.

Each command is a process of its own; beside it the same command in one's own home.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.settings import Settings
from desk.desk import Sender
from desk.erasing import Ruling, decide, request
from desk.packs_apart import Maker
from storage import logkey
from storage.pool import make_pool
from tests.api.conftest import Api
from tests.api.serving import wired
from tests.cli.running import Said, polder, settings
from tests.desk.town_hall import METHOD, OFFICER, ORGANISATION, TownHall
from workers.sealing import make_sealer


@dataclass
class Both:
    """The same commands, here and over HTTP."""

    here: dict[str, str]
    there: dict[str, str]

    async def elsewhere(self, *words: str, code: int = 0) -> Said:
        """Run a command over HTTP; it must end with this code."""
        said = await asyncio.to_thread(polder, *words, environment=self.there)
        assert said.code == code, f"{words}: {said}"
        return said

    async def same(self, *words: str) -> Said:
        """Run a command here and over HTTP; both must say the same."""
        own, other = await asyncio.gather(
            asyncio.to_thread(polder, *words, environment=self.here),
            asyncio.to_thread(polder, *words, environment=self.there),
        )
        assert (other.code, other.err) == (own.code, own.err), words
        if "--json" in words:
            assert other.document == own.document, words
        else:
            assert other.out == own.out, words
        return other


@pytest.fixture(scope="module")
async def both(
    settings_of_api: Settings, api: Api, hall: TownHall
) -> AsyncGenerator[Both]:
    """Give what says where the servers are, and where the API is."""
    bearer = await api.bearer("director")
    async with wired(settings_of_api) as client:
        yield Both(
            settings(
                DATABASE_URL=hall.database,
                TEMPORAL_ADDRESS=settings_of_api.temporal,
                TEMPORAL_NAMESPACE=settings_of_api.namespace,
            ),
            settings(
                POLDER_SERVER=str(client.base_url),
                POLDER_TOKEN=bearer["Authorization"].removeprefix("Bearer "),
            ),
        )


@pytest.fixture(scope="module")
def settings_of_api(request: pytest.FixtureRequest) -> Settings:
    """Give the API's settings; `settings` is the environment of a command here."""
    return request.getfixturevalue("settings")


@pytest.fixture
async def sealer(hall: TownHall) -> AsyncGenerator[None]:
    """Run a worker that has the log's key, and makes packs."""
    key = hall.home / "log.key"
    logkey.create(key, "test")
    maker = Maker(hall.database, None, key)
    async with (
        make_pool(hall.database) as pool,
        make_sealer(hall.client, pool, key, make=maker.make),
    ):
        yield


async def test_reading_elsewhere_is_reading_here(both: Both, hall: TownHall) -> None:
    """Pages and documents are the same to the letter."""
    stream = await hall.dialogue()
    await hall.does(stream, "complete_items", step="kennismaken")
    await hall.does(stream, "complete_step", step="kennismaken")
    await hall.seals()
    await both.same("dialogue", "list")
    listed = await both.same("dialogue", "list", "--json")
    assert {"needs", "calendar_hash"} <= listed.document["dialogues"][0].keys()
    await both.same("dialogue", "show", stream)
    await both.same("dialogue", "show", stream, "--json")
    await both.same("dialogue", "history", stream)
    await both.same("dialogue", "history", stream, "--json", "--lang", "en")
    await both.same("dialogue", "preview-revisit", stream, "kennismaken")
    await both.same("method", "list")
    await both.same("method", "show", METHOD, "--json")
    await both.same("method", "show", METHOD)


async def test_what_needs_me_is_the_same_elsewhere(both: Both, hall: TownHall) -> None:
    """Whom the token is of has the work list that they have here."""
    stream = await hall.dialogue(words=False)
    await hall.does(stream, "complete_items", step="kennismaken")
    await hall.does(stream, "complete_step", step="kennismaken")
    await hall.does(stream, "start_step", step="belangen")
    await hall.does(stream, "open_window", window="belangen.klopt-het-beeld")
    me = Both({**both.here, "POLDER_AS": "p-1"}, both.there)
    told = await me.same("today", "--json")
    assert stream in {each["dialogue"] for each in told.document["tasks"]}
    page = await me.same("today", "--limit", "1")
    assert "polder today --limit 1 --after" in page.out
    after = page.out.split("--after ")[1].split()[0]
    await me.same("today", "--limit", "1", "--after", after)
    await me.same("today", "--kind", "go_on")


async def test_events_that_do_not_arrive_are_told_elsewhere_as_well(
    both: Both, api: Api
) -> None:
    """Whose subscription is off hears so first, here and there in the same words."""
    target = "https://zaken.example.org/polder/today"
    made = (await api.post("/v1/subscriptions", {"target": target}, "director")).json()
    where = f"/v1/subscriptions/{made['id']}"
    await api.post(f"{where}/switches", {"enabled": False}, "director")
    try:
        told = await both.elsewhere("today", "--json")
        mine = [e for e in told.document["subscriptions"] if e["target"] == target]
        assert [e["command"] for e in mine] == [
            f"polder subscription enable {made['id']}"
        ]
        me = Both({**both.here, "POLDER_AS": "p-1"}, both.there)
        page = await me.same("today", "--limit", "1")
        assert f"-> {target}: " in page.out
    finally:
        await api.client.delete(where, headers=await api.bearer("director"))


async def test_requests_to_erase_are_told_elsewhere_as_well(
    both: Both, hall: TownHall
) -> None:
    """Who may decide on one sees it, here and there in the same words."""
    stream = await hall.dialogue(words=False)
    who = Sender("p-2", "participant")
    await request(hall.desk, ORGANISATION, "p-2", who, erasure="elders-gevraagd")
    me = Both({**both.here, "POLDER_AS": "p-1"}, both.there)
    told = await me.same("today", "--json")
    assert stream in {each["dialogue"] for each in told.document["tasks"]}
    assert [e["erasure"] for e in told.document["requests"]] == ["elders-gevraagd"]
    page = await me.same("today", "--limit", "1")
    assert f"polder audit erasures {ORGANISATION} --private" in page.out
    further = await me.same("today", "--kind", "go_on", "--json")
    assert "requests" not in further.document
    refusal = Ruling(granted=False, ground="no_ground", authority="besluit 8")
    await decide(hall.desk, ORGANISATION, "elders-gevraagd", OFFICER, refusal)
    assert "requests" not in (await me.same("today", "--json")).document


async def test_acting_elsewhere_is_acting_here(both: Both) -> None:
    """Started, completed by a number, refused and repeated, with the same words."""
    stream = f"{ORGANISATION}:elders"
    started = await both.elsewhere(
        *("dialogue", "start", stream, "--method", METHOD, "--title", "Elders"),
        *("--role", "process_director=p-1", "--id", "start-elders", "--json"),
    )
    assert started.document["events"][0]["type"] == "dialogue_started"
    told = await both.elsewhere("dialogue", "complete", stream, "--step", "1")
    assert f"polder dialogue complete-step {stream} kennismaken" in told.out
    refused = await both.elsewhere(
        "dialogue", "complete", stream, "--step", "kennismaken", code=4
    )
    own = await asyncio.to_thread(
        polder,
        *("dialogue", "complete", stream, "--step", "kennismaken", "--as", "p-1"),
        environment=both.here,
    )
    assert refused.err == own.err
    unknown = await both.elsewhere("dialogue", "start-step", stream, "9.9", code=4)
    assert unknown.err
    sent = await both.elsewhere(
        *("dialogue", "send", stream, "start_step", '{"step": "belangen"}'),
        *("--if-version", "1", "--json"),
        code=4,
    )
    assert sent.document["error"]["name"] == "VersionConflict"
    missing = await both.elsewhere("dialogue", "show", f"{ORGANISATION}:weg", code=3)
    assert f"{ORGANISATION}:weg" in missing.err


async def test_the_daily_acts_go_over_http(both: Both, hall: TownHall) -> None:
    """A window from its opening to a response in it, and a step back."""
    stream = await hall.dialogue(words=False)
    window = "belangen.klopt-het-beeld"

    async def does(verb: str, *words: str) -> list[str]:
        said = await both.elsewhere("dialogue", verb, stream, *words, "--json")
        return [event["type"] for event in said.document["events"]]

    await does("complete", "--step", "kennismaken", "--as", "/process_director")
    assert await does("complete-step", "kennismaken") == ["step_completed"]
    await does("start-step", "belangen")
    assert "window_opened" in await does("open-window", window)
    extended = await does(
        "extend-window", window, "--working-days", "5", "--reason", "Meer tijd"
    )
    assert extended == ["window_extended"]
    answer = ("--respondent", "k-1", "--text", "Het beeld klopt.")
    assert await does("respond", window, *answer) == ["response_recorded"]
    back = await does("revisit", "kennismaken", "--reason", "Een buurt ontbrak")
    assert "step_revisited" in back
    told = await both.elsewhere("dialogue", "history", stream)
    assert "Meer tijd" not in told.out


async def test_what_needs_a_home_says_so(both: Both, tmp_path: Path) -> None:
    """Before anything is asked; what needs none goes on as ever."""
    for words in (("audit", "verify", "--all"), ("db", "status"), ("doctor",)):
        said = await both.elsewhere(*words, code=2)
        assert "--server" in said.err
    named = await both.elsewhere("dialogue", "list", "--as", "p-1", code=2)
    assert "--as" in named.err
    await both.elsewhere("version")
    before = settings()
    words = ("--server", both.there["POLDER_SERVER"], "dialogue", "list")
    nobody = await asyncio.to_thread(polder, *words, environment=before)
    assert nobody.code == 4
    gone = settings(POLDER_SERVER="http://127.0.0.1:1", POLDER_TOKEN="x")
    away = await asyncio.to_thread(polder, "dialogue", "list", environment=gone)
    assert away.code == 5


async def test_evidence_is_taken_home(
    both: Both, hall: TownHall, sealer: None, tmp_path: Path
) -> None:
    """A checkpoint is the same as here; a pack is checked without any server."""
    await hall.seals()
    await both.same("audit", "checkpoint")
    out = tmp_path / "ijkpunt.txt"
    await both.elsewhere("audit", "checkpoint", "--out", str(out))
    assert out.read_text().startswith("polder/test\n")
    stream = await hall.dialogue()
    pack = str(tmp_path / "pak.zip")
    taken = await both.elsewhere("audit", "pack", stream, "--out", pack, "--json")
    told = taken.document
    assert (told["stream"], told["sound"]) == (stream, True)
    judged = await both.elsewhere("audit", "verify", pack, "--key", told["key"], code=0)
    assert stream in judged.out
    bare = await both.elsewhere(
        "audit", "pack", stream, "--out", pack, "--redacted", "--json"
    )
    assert bare.document["private"]["opened"] == 0 < told["private"]["opened"]


async def test_events_are_watched_as_they_come(both: Both, hall: TownHall) -> None:
    """Over the stream, one document on each line, until nothing more can come."""
    stream = await hall.dialogue(words=False)
    watching = asyncio.create_task(
        both.elsewhere("dialogue", "watch", stream, "--json")
    )
    for number in range(20):
        # How long a process takes to begin to watch, nobody knows.
        await asyncio.sleep(0.5)
        signal = {"type": "zaak", "source": "systeem-1", "reference": str(number)}
        await hall.does(stream, "note_signal", **signal)
        await hall.seals()
    await hall.ends(stream)
    await hall.seals()
    said = await asyncio.wait_for(watching, 60)
    events = [json.loads(line) for line in said.out.splitlines()]
    assert events[-1]["type"] == "dialogue_archived"
    last = events[-1]["seq"]
    assert [e["seq"] for e in events] == list(range(last - len(events) + 1, last + 1))
    assert "signal_noted" in {each["type"] for each in events}
