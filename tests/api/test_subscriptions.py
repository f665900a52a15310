"""Events out over HTTP: who subscribes sees what becomes of it, and nobody else."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from api.app import make_app
from api.settings import Settings
from desk import subscribing
from storage.deliveries import Leaf, Settled, Tried, claim, settle
from tests.api.conftest import OTHER, Api
from tests.storage.streams import events

TARGET = "https://zaken.example.org/polder"
WHERE = "/v1/subscriptions"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


async def subscribed(api: Api, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Take a subscription; give it as it was answered."""
    answer = await api.post(WHERE, {"target": TARGET, **more}, "integrator")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_who_subscribes_gets_a_secret_once(api: Api) -> None:
    """It is in the answer that made it, and nowhere after."""
    made = await subscribed(api, types=["nl.polder.window-opened"])
    assert made["secret"].startswith("whsec_")
    assert (made["status"], made["types"]) == ("pending", ["window_opened"])
    found = await api.get(f"{WHERE}/{made['id']}", "integrator")
    assert found.json() == {k: v for k, v in made.items() if k != "secret"}
    assert (await api.get(f"{WHERE}/{made['id']}/secrets", "integrator")).json()[
        "items"
    ][0]["act"] == "created"


async def test_the_same_key_makes_one_subscription(api: Api) -> None:
    """With the same answer; for something else it is refused."""
    body = {"target": TARGET, "dialogues": ["parkzicht"]}
    first, again = [
        await api.post(WHERE, body, "integrator", Idempotency_Key="abonnement-1")
        for _ in range(2)
    ]
    assert first.status_code == again.status_code == 201
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["secret"] == again.json()["secret"]
    other = await api.post(
        WHERE, {"target": f"{TARGET}/2"}, "integrator", Idempotency_Key="abonnement-1"
    )
    assert (other.status_code, other.json()["error"]) == (409, "IdReused")


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"target": "https://10.0.0.1/"}, "/target"),
        ({"target": "https://[::ffff:169.254.169.254]/"}, "/target"),
        ({"target": "http://zaken.example.org/"}, "/target"),
        ({"target": "https://me:secret@zaken.example.org/"}, "/target"),
        ({"target": TARGET, "types": ["window_openend"]}, "/types"),
        ({"target": TARGET, "dialogues": ["provincie-elders:x"]}, "/dialogues"),
        ({"target": TARGET, "secret": "whsec_c2hvcnQ="}, "/secret"),
    ],
)
async def test_what_can_not_work_is_said_of_the_part_that_is_wrong(
    api: Api, wrong: dict[str, Any], where: str
) -> None:
    """Bad input, with a pointer; and no secret comes back."""
    answer = await api.post(WHERE, wrong, "integrator")
    assert answer.status_code == 400, answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == [where]
    assert "secret@" not in answer.text


async def test_another_organisation_sees_nothing_of_it(api: Api) -> None:
    """Not that it is there, and not what became of it."""
    made = await subscribed(api)
    theirs = await api.bearer("integrator", organisation=OTHER)
    for path in ("", "/deliveries", "/dead-letters", "/tests", "/secrets"):
        answer = await api.client.get(f"{WHERE}/{made['id']}{path}", headers=theirs)
        nothing = await api.client.get(
            f"{WHERE}/00000000-0000-0000-0000-000000000000{path}", headers=theirs
        )
        assert (answer.status_code, answer.json()["title"]) == (404, "Not found")
        assert nothing.status_code == 404
    listed = await api.client.get(WHERE, headers=theirs)
    assert made["id"] not in listed.text
    gone = await api.client.delete(f"{WHERE}/{made['id']}", headers=theirs)
    assert gone.status_code == 404
    assert (await api.get(f"{WHERE}/{made['id']}", "integrator")).status_code == 200


async def test_a_token_for_one_dialogue_hears_of_that_one(api: Api) -> None:
    """It subscribes to no other, and sees no subscription that is wider."""
    wide = await subscribed(api)
    narrow = await api.bearer("integrator", dialogue="parkzicht")
    refused = await api.client.post(
        WHERE, json={"target": TARGET, "dialogues": ["aardlaan"]}, headers=narrow
    )
    assert refused.status_code == 400
    made = await api.client.post(WHERE, json={"target": TARGET}, headers=narrow)
    assert made.json()["dialogues"] == ["parkzicht"]
    listed = (await api.client.get(WHERE, headers=narrow)).json()["items"]
    assert {tuple(each["dialogues"]) for each in listed} == {("parkzicht",)}
    found = await api.client.get(f"{WHERE}/{wide['id']}", headers=narrow)
    assert found.status_code == 404


async def test_who_may_only_read_does_not_subscribe(api: Api) -> None:
    """An auditor reads; sending events away is another right."""
    answer = await api.post(WHERE, {"target": TARGET}, "auditor")
    assert answer.status_code == 403


async def test_a_subscription_has_a_life(api: Api) -> None:
    """Tried out, replayed, rotated, switched off and on, and gone."""
    made = await subscribed(api, fromLeaf=0)
    where = f"{WHERE}/{made['id']}"
    tested = await api.post(f"{where}/tests", {}, "integrator")
    assert tested.status_code == 202
    for body, status in (
        ({"fromLeaf": 0}, 202),
        ({"since": "2026-11-21T00:00:00+01:00"}, 202),
        ({"deadLetters": True}, 202),
        ({}, 400),
        ({"since": "2026-11-21T00:00:00"}, 400),
    ):
        answer = await api.post(f"{where}/replays", body, "integrator")
        assert answer.status_code == status, answer.text
    asked = (await api.get(f"{where}/replays", "integrator")).json()["items"]
    assert [each["act"] for each in asked] == ["repeated", "replayed", "replayed"]
    new = await api.post(f"{where}/secrets", {"secret": SECRET}, "integrator")
    assert (new.status_code, new.json()["secret"]) == (201, SECRET)
    assert "previousSecretUntil" in new.json()
    off = await api.post(f"{where}/switches", {"enabled": False}, "integrator")
    assert off.json()["status"] == "disabled"
    replay = await api.post(f"{where}/replays", {"fromLeaf": 0}, "integrator")
    assert replay.status_code == 409
    on = await api.post(f"{where}/switches", {"enabled": True}, "integrator")
    assert on.json()["status"] == "pending"
    headers = await api.bearer("integrator")
    assert (await api.client.delete(where, headers=headers)).status_code == 204
    assert (await api.client.delete(where, headers=headers)).status_code == 404


async def test_every_attempt_is_in_the_list_of_deliveries(api: Api) -> None:
    """Newest first, in pages; and the attempts for one message together."""
    made = await subscribed(api)
    await _delivered(api, made["id"], 5)
    where = f"{WHERE}/{made['id']}/deliveries"
    page = await api.get(f"{where}?limit=3", "integrator")
    rest = await api.get(page.json()["next"], "integrator")
    assert page.headers["link"] == f'<{page.json()["next"]}>; rel="next"'
    every = [*page.json()["items"], *rest.json()["items"]]
    assert [each["seq"] for each in every] == [5, 4, 3, 2, 1]
    assert every[0]["status"] == 503
    again = await api.post(f"{where}/{every[0]['id']}/replays", {}, "integrator")
    assert again.status_code == 202, again.text
    same = await api.get(f"{where}/{every[0]['id']}/replays", "integrator")
    assert [each["id"] for each in same.json()["items"]] == [every[0]["id"]]
    none = await api.get(f"{where}/99999999/replays", "integrator")
    assert none.status_code == 404


async def test_a_private_target_is_taken_where_the_setting_allows_it(
    settings: Settings, api: Api
) -> None:
    """The network that is named, and no other."""
    told = {
        "DATABASE_URL": settings.database,
        "TEMPORAL_ADDRESS": settings.temporal,
        "TEMPORAL_NAMESPACE": settings.namespace,
        "POLDER_ALLOW_PRIVATE_TARGETS": "127.0.0.1",
    }
    allowed = Settings.read(told)
    app, headers = make_app(allowed), await api.bearer("integrator")
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://p") as one:
            for target, status in (("127.0.0.1", 201), ("10.0.0.1", 400)):
                body = {"target": f"http://{target}:9090/"}
                answer = await one.post(WHERE, json=body, headers=headers)
                assert answer.status_code == status, answer.text


async def _delivered(api: Api, id: str, number: int) -> None:
    """Note attempts as whoever delivers does."""
    lease, pool = uuid.uuid4(), api.hall.desk.pool
    to = await claim(pool, id, lease)
    assert to is not None
    now = datetime.now(UTC)
    tried = [
        Tried(
            Leaf(n, "a:b", n, e.hash, "step_started", e.body, now, now),
            f"m-{n}",
            "nl.polder.step-started",
            now,
            3,
            "failed",
            503,
            "the subscriber answered 503",
        )
        for n, e in enumerate(events(number), 1)
    ]
    done = Settled(
        to.cursor, "pending", None, None, None, 0, None, None, tried, [], [], []
    )
    assert await settle(pool, id, lease, to, done)


async def test_one_organisation_does_not_take_all_places(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond a number there are no more, and what is there goes on."""
    headers = await api.bearer("integrator", organisation="gemeente-druk")
    monkeypatch.setattr(subscribing, "MOST", 2)
    body = {"target": TARGET}
    keys = ("a-1", "a-2", "a-3", "a-1")
    found = [
        await api.client.post(
            WHERE, json=body, headers=headers | {"Idempotency-Key": k}
        )
        for k in keys
    ]
    assert [each.status_code for each in found] == [201, 201, 409, 201]
    assert found[2].json()["error"] == "TooManySubscriptions"
    assert found[3].json()["id"] == found[0].json()["id"]
