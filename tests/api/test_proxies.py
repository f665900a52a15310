"""Who stands in front is believed about who calls; nobody else is."""

from __future__ import annotations

from ipaddress import ip_network

import httpx
import pytest
from fastapi import Request
from pydantic import ValidationError

from api.app import make_app
from api.proxies import address_of
from api.settings import Settings
from storage.denials import denials
from tests.api.conftest import Api

OURS = (ip_network("10.1.0.0/16"), ip_network("fd00:1::/64"))
PROXY, CALLER = "10.1.0.9", "203.0.113.7"


def came(peer: str, *headers: tuple[str, str]) -> Request:
    """A request as a server gets it."""
    raw = [(name.encode(), value.encode()) for name, value in headers]
    return Request({"type": "http", "client": (peer, 4711), "headers": raw})


@pytest.mark.parametrize(
    ("peer", "headers", "found"),
    [
        (PROXY, [("x-forwarded-for", CALLER)], CALLER),
        (PROXY, [("x-forwarded-for", f"198.51.100.1, {CALLER}")], CALLER),
        (PROXY, [("x-forwarded-for", f"{CALLER}, 10.1.0.8")], CALLER),
        (
            PROXY,
            [("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", CALLER)],
            CALLER,
        ),
        (PROXY, [("x-forwarded-for", f"{CALLER}:52100")], CALLER),
        (PROXY, [("forwarded", f"for={CALLER};proto=https")], CALLER),
        (PROXY, [("forwarded", f'by=10.1.0.9;For="{CALLER}:99"')], CALLER),
        (PROXY, [("forwarded", 'for="[2001:db8::7]:99"')], "2001:db8::7"),
        ("fd00:1::9", [("x-forwarded-for", "2001:db8::7")], "2001:db8::7"),
        ("::ffff:10.1.0.9", [("x-forwarded-for", CALLER)], CALLER),
        (PROXY, [("x-forwarded-for", CALLER), ("forwarded", f"for={CALLER}")], CALLER),
    ],
)
def test_a_proxy_of_ours_says_who_calls(
    peer: str, headers: list[tuple[str, str]], found: str
) -> None:
    """From the end back, by either header, with a port or without."""
    assert address_of(came(peer, *headers), OURS) == found


@pytest.mark.parametrize(
    ("peer", "headers", "found"),
    [
        ("198.51.100.1", [("x-forwarded-for", CALLER)], "198.51.100.1"),
        (PROXY, [], PROXY),
        (PROXY, [("x-forwarded-for", "unknown")], PROXY),
        (PROXY, [("x-forwarded-for", f"{CALLER}, _hidden")], PROXY),
        (PROXY, [("forwarded", "for=_hidden")], PROXY),
        (PROXY, [("x-forwarded-for", "198.51.100.1,")], PROXY),
        (
            PROXY,
            [("x-forwarded-for", CALLER), ("forwarded", "for=198.51.100.1")],
            PROXY,
        ),
        (PROXY, [("x-real-ip", CALLER)], PROXY),
    ],
)
def test_what_can_not_be_known_is_the_proxys(
    peer: str, headers: list[tuple[str, str]], found: str
) -> None:
    """Strangers, nonsense, and two headers that differ change nothing."""
    assert address_of(came(peer, *headers), OURS) == found


def test_nobody_is_believed_unless_they_are_named() -> None:
    """By default, and a setting that can't be read is told."""
    told = {"DATABASE_URL": "postgresql://x"}
    assert Settings.read(told).proxies == ()
    named = Settings.read({**told, "POLDER_TRUSTED_PROXIES": "127.0.0.1 fd00:1::/64"})
    assert [*map(str, named.proxies)] == ["127.0.0.1/32", "fd00:1::/64"]
    with pytest.raises(ValidationError):
        Settings.read({**told, "POLDER_TRUSTED_PROXIES": "10.1.0.9/16"})
    found = came(PROXY, ("x-forwarded-for", CALLER))
    assert address_of(found, ()) == PROXY


async def test_limits_and_denials_are_of_who_calls_behind_the_proxy(
    api: Api, settings: Settings
) -> None:
    """One that guesses tokens is slowed, and their neighbours behind it are not."""
    behind = {"limit_rate": 1.0, "proxies": (ip_network("127.0.0.1"),)}
    made = make_app(settings.model_copy(update=behind))
    async with made.router.lifespan_context(made):
        transport = httpx.ASGITransport(app=made, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://p") as one:

            async def guess(caller: str) -> int:
                headers = {"Authorization": "Bearer x", "X-Forwarded-For": caller}
                return (await one.get("/v1/dialogues", headers=headers)).status_code

            tried = [await guess(CALLER) for _ in range(75)]
            assert 429 in tried
            assert await guess("203.0.113.9") == 429, "one network is one caller"
            assert await guess("198.51.100.9") == 401
    noted = {each.network for each in await denials(api.hall.desk.pool)}
    assert {"203.0.113.0/24", "198.51.100.0/24"} <= noted
