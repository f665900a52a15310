"""What was forged on the way to a provider and back lets nobody in."""

from __future__ import annotations

import hmac
import json
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.desk.town_hall import TownHall
from tests.pages.at_the_door import (
    BENDS_ITS_LIBRARY,
    come_back,
    door_at,
    newest,
    straighten,
)
from tests.pages.house import Site
from tests.pages.provided import CLIENT, Bend, Provided, provider

pytestmark = BENDS_ITS_LIBRARY


@pytest.fixture(scope="module")
def identity() -> Generator[Provided]:
    """Give the provider."""
    with provider() as made:
        yield made


@pytest.fixture(scope="module")
async def door(hall: TownHall, identity: Provided) -> AsyncGenerator[Site]:
    """Give a house in which people log in at that provider."""
    async with door_at(hall, identity) as opened:
        yield opened


@pytest.fixture(autouse=True)
def straight(identity: Provided, door: Site) -> None:
    """Have the provider say what it says by itself, until a test bends it."""
    straighten(identity, door)


async def test_a_code_is_asked_for_with_a_proof_of_who_asked(
    door: Site, identity: Provided
) -> None:
    """PKCE: what goes along is the SHA-256 of what is told when the code is swapped."""
    async with httpx.AsyncClient(base_url=door.url) as somebody:
        sent = await somebody.get("/in/oidc")
        asked = parse_qs(urlsplit(sent.headers["location"]).query)
        async with httpx.AsyncClient() as there:
            back = await there.post(sent.headers["location"], data={"sub": "7"})
        assert (await somebody.get(back.headers["location"])).status_code == 200
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert len(asked["state"][0]) >= 43 <= len(asked["nonce"][0])
    told = identity.asked[-1]["code_verifier"]
    assert asked["code_challenge"] == [_base64url(sha256(told.encode()).digest())]


def resigned(**members: object) -> Bend:
    """Give a token with other claims, signed by the provider itself."""

    def bend(claims: dict[str, Any], key: RSAKey) -> str:
        told = {n: v for n, v in {**claims, **members}.items() if v is not None}
        return jwt.encode({"alg": "RS256"}, told, key)

    return bend


def _written(algorithm: str, claims: dict[str, Any], key: bytes | None) -> str:
    """Write a token by hand, as no library would."""
    parts = [{"alg": algorithm, "typ": "JWT"}, claims]
    text = ".".join(_base64url(json.dumps(each).encode()) for each in parts)
    seal = hmac.digest(key, text.encode(), "sha256") if key else b""
    return f"{text}.{_base64url(seal)}"


def _unsigned(claims: dict[str, Any], key: RSAKey) -> str:
    del key
    return _written("none", claims, None)


def _by_the_public_key(claims: dict[str, Any], key: RSAKey) -> str:
    """Sign with what everybody has, as if it were a secret that is shared."""
    return _written("HS256", claims, key.as_pem(private=False))


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _by_another(claims: dict[str, Any], key: RSAKey) -> str:
    del key
    return jwt.encode({"alg": "RS256"}, claims, RSAKey.generate_key(2048))


FORGED: Mapping[str, Bend] = {
    "another nonce": resigned(nonce="van-iemand-anders"),
    "no nonce": resigned(nonce=None),
    "another audience": resigned(aud=["een-ander-systeem"]),
    "two audiences": resigned(aud=[CLIENT, "een-ander-systeem"]),
    "another party": resigned(azp="een-ander-systeem"),
    "another issuer": resigned(iss="https://login.example.org"),
    "expired": resigned(exp=int(time.time()) - 300),
    "without an end": resigned(exp=None),
    "of the future": resigned(iat=int(time.time()) + 3600),
    "of another access token": resigned(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "unsigned": _unsigned,
    "signed with the public key": _by_the_public_key,
    "signed by another": _by_another,
    "no token": lambda _claims, _key: "geen.token.dit",
}


@pytest.mark.parametrize("how", FORGED)
async def test_a_token_that_was_forged_lets_nobody_in(
    door: Site, identity: Provided, how: str
) -> None:
    """Whatever is wrong with it, no session begins, and it is noted."""
    identity.bend = FORGED[how]
    answer = await come_back(door)
    assert answer.status_code == 400
    assert "niet te vertrouwen" in answer.text
    assert "polder_session" not in answer.headers.get("set-cookie", "")
    assert (await newest(door))[0][0] == "oidc_token"


def _another_state(where: str) -> str:
    return re.sub(r"state=[^&]+", "state=van-iemand-anders", where)


def _no_state(where: str) -> str:
    return re.sub(r"&?state=[^&]+", "", where)


def _another_issuer(where: str) -> str:
    return f"{where}&iss=https://login.example.org"


@pytest.mark.parametrize("change", [_another_state, _no_state, _another_issuer])
async def test_a_way_back_that_was_not_begun_here_is_refused(
    door: Site, identity: Provided, change: Callable[[str], str]
) -> None:
    """A state that is forged or lacking; the code is not even swapped."""
    before = len(identity.asked)
    answer = await come_back(door, change=change)
    assert answer.status_code == 400
    assert "polder_session" not in answer.headers.get("set-cookie", "")
    assert len(identity.asked) == before
    assert (await newest(door))[0][0] == "oidc_state"


async def test_a_way_back_is_for_the_browser_that_went(
    door: Site, identity: Provided
) -> None:
    """Somebody else's way back is no login: nobody is put in another's session."""
    async with httpx.AsyncClient(base_url=door.url) as one:
        sent = await one.get("/in/oidc")
        async with httpx.AsyncClient() as there:
            back = await there.post(sent.headers["location"], data={"sub": "7"})
        async with httpx.AsyncClient() as other:
            answer = await other.get(back.headers["location"])
            assert answer.status_code == 400
        kept = one.cookies["polder_errand"]
        bent = kept[:40] + ("A" if kept[40] != "A" else "B") + kept[41:]
        async with httpx.AsyncClient(cookies={"polder_errand": bent}) as other:
            assert (await other.get(back.headers["location"])).status_code == 400
    assert identity.bend is None


async def test_keys_that_change_are_asked_for_anew(
    door: Site, identity: Provided
) -> None:
    """Who logs in after that is believed by the new key."""
    assert (await come_back(door)).status_code == 200
    before = identity.key_asked
    identity.change_key()
    assert (await come_back(door)).status_code == 200
    assert identity.key_asked == before + 1
