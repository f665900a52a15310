"""A whole run, worker and API as processes: what they and the servers wrote down."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import httpx
import psycopg
import pytest
from temporalio.client import Client

from activities.notify import Messenger
from activities.smtp import MailSettings
from desk.access import tokens
from desk.desk import Desk
from observing.allowed import ALLOWED
from servers import Addresses, Home, MailServer, PostgresServer, TemporalServer
from servers.api import ApiProcess
from servers.worker import WorkerProcess, settings
from storage.keys import Keys, beside
from storage.pool import make_pool
from tests.desk.test_planted import ACTS, MARK, REFUSED, everything_is_said, planted
from tests.desk.town_hall import DIRECTOR, ORGANISATION, TownHall
from tests.observing.collector import Collector, collecting
from tests.services import own_namespace, until

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

PRIVATE = (MARK.lower(), "zandstra", "bakkersdam", "het plein te donker")
"""What is planted, and names, addresses and words that a town hall has anyhow."""


@pytest.fixture(scope="session")
async def apart(temporal_client: Client) -> Client:
    """Give a namespace in which one worker serves alone."""
    return await own_namespace(temporal_client, "observing-run")


@pytest.fixture
def collector() -> Generator[Collector]:
    """Give what takes the traces."""
    with collecting() as running:
        yield running


@pytest.fixture
async def house(
    apart: Client, database: str, collector: Collector, tmp_path: Path
) -> AsyncGenerator[tuple[TownHall, WorkerProcess, ApiProcess]]:
    """Give a town hall whose worker and API are processes that tell all they can."""
    mail = MailServer(Home(tmp_path / "home").mail)
    address = apart.service_client.config.target_host
    async with mail, make_pool(database) as pool, Keys(beside(database)) as keys:
        where = Addresses(
            database=database,
            temporal=address,
            namespace=apart.namespace,
            smtp=mail.address,
        )
        told = {
            **settings(where),
            "POLDER_LOG_LEVEL": "debug",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }
        desk = Desk(pool, keys, address, apart.namespace)
        ours = MailSettings.read(mail.address, "Polder <polder@waterdam.example>")
        messenger = Messenger(pool, keys, ours)
        hall = TownHall(desk, apart, database, mail, messenger, tmp_path)
        worker = WorkerProcess(tmp_path / "worker", told)
        api = ApiProcess(tmp_path / "api", told)
        async with worker, api:
            yield hall, worker, api


async def test_no_log_holds_what_people_say(
    house: tuple[TownHall, WorkerProcess, ApiProcess],
    collector: Collector,
    postgres_server: PostgresServer,
    temporal_server: TemporalServer,
    tmp_path: Path,
) -> None:
    """Neither by the desk, nor over HTTP, nor where everything goes wrong."""
    hall, worker, api = house
    council = {"title": "Raad", "date": "2031-01-06"}
    stream = await hall.dialogue(words=False, deadlines=[council])
    assert len(await everything_is_said(hall, stream)) == len(ACTS) - len(REFUSED)
    await hall.quiet(stream)
    stream = await hall.dialogue(deadlines=[council])
    made = await tokens.create(
        hall.desk, ORGANISATION, ["director"], DIRECTOR, actor="p-1"
    )
    headers = {"Authorization": f"Bearer {made.token}", "traceparent": TRACEPARENT}
    async with httpx.AsyncClient(base_url=api.address, headers=headers) as http:
        await over_http(http, stream)
        await broken(hall, http, stream)
    await worker.stop()
    await api.stop()
    lines = [*read(tmp_path / "worker" / "log"), *read(tmp_path / "api" / "log")]
    told_of(lines, stream)
    one_trace(collector)
    logs = [
        tmp_path / "worker" / "log",
        tmp_path / "api" / "log",
        postgres_server.directory / "log",
        temporal_server.directory / "log",
    ]
    for log in logs:
        text = log.read_text(errors="replace")
        assert text
        for words in PRIVATE:
            found = [line for line in text.splitlines() if words in line.lower()]
            assert found == [], log
        assert made.token not in text


def read(log: Path) -> list[dict[str, object]]:
    """Read a log of ours: each line is an object."""
    return [json.loads(line) for line in log.read_text().splitlines()]


def told_of(lines: list[dict[str, object]], stream: str) -> None:
    """Hold lines to the list, and to what an operator looks for in them."""
    names = {name for line in lines for name in line}
    assert names <= ALLOWED
    recorded = [line for line in lines if line["event"] == "recorded"]
    assert {line["dialogue"] for line in recorded} >= {stream}
    assert all(line["commands"] for line in recorded)
    answered = [line for line in lines if line["event"] == "answered"]
    traced = [line for line in answered if line["trace_id"] == TRACEPARENT[3:35]]
    assert len(traced) > 5
    commands = [line for line in answered if "command" in line]
    assert {line["dialogue"] for line in commands} == {stream}
    assert {line["trace_id"] for line in commands} == {TRACEPARENT[3:35]}
    assert {line["http_status"] for line in answered} >= {200, 400, 404}
    assert any("exception" in line for line in lines)


def one_trace(collector: Collector) -> None:
    """Two processes have one trace, from the request to the record; it says no more."""
    ours = [s for s in collector.spans if s.trace_id.hex() == TRACEPARENT[3:35]]
    names = {span.span_id: span.name for span in ours}
    above = {span.name: names.get(span.parent_span_id) for span in ours}
    way = [
        "RunActivity:append",
        "StartActivity:append",
        "HandleUpdate:celebrate",
        "StartWorkflowUpdate:celebrate",
        "POST /v1/dialogues/{dialogue}/commands",
    ]
    assert above[way[2]] == way[3]
    assert above[way[3]] == way[4]
    assert way[0] in above
    assert {above[name] for name in way[1:2]} <= {*names.values()}
    text = collector.text().lower()
    assert not [words for words in PRIVATE if words in text]


async def over_http(http: httpx.AsyncClient, stream: str) -> None:
    """Say it in every part of a request."""
    at = f"/v1/dialogues/{stream}"
    wish: dict[str, object] = {}
    for number, kind in enumerate(("celebrate", "pause_dialogue", "resume_dialogue")):
        wish = {"kind": kind, "command": planted(kind, 900 + number)}
        answer = await http.post(f"{at}/commands", json=wish)
        assert answer.status_code == 200, answer.text
    missing = f"/v1/dialogues/{ORGANISATION}:{MARK.lower()}"
    lost = await http.post(f"{missing}/commands", json={**wish, "role": MARK.lower()})
    assert lost.status_code in {400, 404}
    await http.post(f"{at}/commands", json={"kind": MARK, "command": {MARK: MARK}})
    await http.post(f"{at}/commands", content=f'{{"kind": "{MARK}'.encode())
    await http.post(f"{at}/commands", json=[MARK], headers={"Idempotency-Key": MARK})
    for path in (
        f"/v1/dialogues/{MARK}",
        f"/v1/dialogues/{ORGANISATION}:{MARK}",
        f"/v1/{MARK}?name={MARK}",
        f"/v1/dialogues?{MARK}={MARK}",
        f"/link/{MARK}",
        at,
    ):
        answer = await http.get(path)
        assert answer.status_code < 500, path
    wrong = {"Authorization": f"Bearer pld_{MARK}", "Accept": MARK}
    await http.get(at, headers=wrong)
    await http.get(at, headers={"traceparent": MARK, "X-Name": MARK})


async def broken(hall: TownHall, http: httpx.AsyncClient, stream: str) -> None:
    """Have everything fail in the midst of it: mail, record and vault."""
    await hall.mail.stop()
    told = {"communication": "m-9", "to": ["parties"], "note": f"{MARK} a"}
    await hall.does(stream, "communicate_results", **told)
    await said(hall, "mail_server_failing")
    async with await psycopg.AsyncConnection.connect(
        hall.database, autocommit=True
    ) as conn:
        await conn.execute("ALTER TABLE audit.stream RENAME TO gone")
        await conn.execute("ALTER TABLE vault.value RENAME TO gone")
        wish = {"kind": "pause_dialogue", "command": {"reason": f"{MARK} b"}}
        answer = await http.post(f"/v1/dialogues/{stream}/commands", json=wish)
        assert answer.status_code >= 500
        await conn.execute("ALTER TABLE vault.gone RENAME TO value")
        note = {"type": "besluit", "source": "zaak", "reference": "s-1"}
        await hall.desk.send(stream, "note_signal", note, DIRECTOR, wait=False)
        await said(hall, "record unavailable")
        await conn.execute("ALTER TABLE audit.gone RENAME TO stream")


async def said(hall: TownHall, words: str) -> None:
    """Wait until the worker logs something."""
    log = hall.home / "worker" / "log"

    async def there() -> bool:
        return words in log.read_text()

    await until(there)
