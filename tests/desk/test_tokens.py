"""Tokens are known by their digest, on record without it, and good only while good."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncGenerator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from desk.access import links, tokens
from desk.access.caller import Caller, NotAllowed, allow
from desk.access.roles import ROLES, SCOPES, scopes_of
from desk.desk import Desk, Sender, open_desk
from desk.errors import DeskError, NotFound
from desk.gone import NO_DIALOGUE
from storage.ownlog import events

HERE, ELSEWHERE = "gemeente-waterdam", "provincie-elders"
BY = Sender("beheer-1", "system", "cli")
PAGE = Path(__file__).parents[2] / "docs" / "integrators.md"


@pytest.fixture
async def desk(database: str) -> AsyncGenerator[Desk]:
    """Give a desk; Temporal is not needed."""
    async with open_desk(database, "nowhere") as opened:
        yield opened


async def test_a_token_says_who_brings_it(desk: Desk) -> None:
    """Whoever brings it is known by its organisation, actor and roles, and no more."""
    made = await tokens.create(
        desk, HERE, ["member", "auditor"], BY, actor="p-1", dialogue="parkzicht"
    )
    assert re.fullmatch(r"pld_[A-Za-z0-9_-]{43}", made.token)
    known = await tokens.authenticate(desk.pool, made.token)
    assert known is not None
    assert known[:4] == (made.id, HERE, "p-1", {"member", "auditor"})
    assert known.scopes == ROLES["member"] | ROLES["auditor"]
    assert known.dialogue == "parkzicht"


async def test_a_secret_is_nowhere_but_with_its_bearer(
    desk: Desk, database: str
) -> None:
    """No table holds it, and the record has not even its digest."""
    made = await tokens.create(desk, HERE, ["director"], BY)
    digest = sha256(made.token.encode()).hexdigest()
    async with await psycopg.AsyncConnection.connect(database) as conn:
        found = await conn.execute(
            "SELECT string_agg(t::text, '') FROM access.token t UNION ALL"
            " SELECT string_agg(convert_from(body, 'UTF8'), '') FROM audit.event"
        )
        rows = [text for (text,) in await found.fetchall()]
    assert not any(made.token in text for text in rows)
    assert [digest in text for text in rows] == [True, False]


async def test_making_and_revoking_is_on_record(desk: Desk) -> None:
    """Both are events of the organisation, by whoever did it; revoking is once."""
    made = await tokens.create(desk, HERE, ["integrator"], BY, days=30)
    await tokens.revoke(desk, made.id, BY)
    revoked = await tokens.revoke(desk, made.id, BY)
    first, second = await events(desk.pool, f"org:{HERE}")
    assert (first.type, second.type) == ("token_created", "token_revoked")
    assert first.actor == {"id": "beheer-1", "role": "system", "via": "cli"}
    assert first.data["token"] == second.data["token"] == made.id
    assert first.data["roles"] == ["integrator"]
    assert first.data["token_actor"] == made.actor == f"token:{made.id}"
    assert revoked.revoked_at is not None
    with pytest.raises(NotFound):
        await tokens.revoke(desk, str(uuid.uuid4()), BY)


async def test_what_is_not_good_is_alike(desk: Desk, database: str) -> None:
    """Unknown, revoked, expired and malformed tokens give the same nothing."""
    revoked = await tokens.create(desk, HERE, ["director"], BY)
    expired = await tokens.create(desk, HERE, ["director"], BY)
    await tokens.revoke(desk, revoked.id, BY)
    async with await psycopg.AsyncConnection.connect(database) as conn:
        await conn.execute(
            "UPDATE access.token SET expires_at = now() WHERE id = %s", [expired.id]
        )
    unknown = "pld_" + "A" * 43
    for text in (revoked.token, expired.token, unknown, "", "pld_", f"{unknown}\n"):
        assert await tokens.authenticate(desk.pool, text) is None


async def test_use_is_noted_at_most_once_a_minute(desk: Desk) -> None:
    """The first use is noted, and the next ones soon after are not."""
    made = await tokens.create(desk, HERE, ["director"], BY)
    seen: set[datetime | None] = set()
    for _ in range(3):
        await tokens.authenticate(desk.pool, made.token)
        [token] = await tokens.list_(desk, HERE)
        seen.add(token.last_used_at)
    assert len(seen) == 1
    assert None not in seen


@pytest.mark.parametrize(
    "wrong",
    [
        {"roles": []},
        {"roles": ["burgemeester"]},
        {"actor": "Anna de Vries"},
        {"actor": "polder:clock"},
        {"dialogue": "Niet Goed"},
        {"days": 0},
        {"days": 5000},
        {"organisation": "org"},
        {"organisation": "Gemeente"},
    ],
    ids=str,
)
async def test_what_can_be_no_token_is_refused(
    desk: Desk, wrong: dict[str, object]
) -> None:
    """It says what is wrong, and nothing is made."""
    told: dict[str, object] = {"organisation": HERE, "roles": ["director"]} | wrong
    organisation, roles = told.pop("organisation"), told.pop("roles")
    with pytest.raises(DeskError):
        await tokens.create(desk, organisation, roles, BY, **told)  # type: ignore[arg-type]
    assert await tokens.list_(desk) == []


def caller(*roles: str, dialogue: str | None = None) -> Caller:
    """Give somebody of `HERE`."""
    held = frozenset(roles)
    return Caller("t-1", HERE, "p-1", held, dialogue)


def test_what_may_not_be_known_is_worded_as_what_is_not_there() -> None:
    """Another organisation's dialogue, and another dialogue, are not there at all."""
    for who, stream in (
        (caller("director"), f"{ELSEWHERE}:parkzicht"),
        (caller("director"), f"org:{ELSEWHERE}"),
        (caller("director"), "polder:log"),
        (caller("director", dialogue="plein"), f"{HERE}:parkzicht"),
        (caller("director", dialogue="plein"), f"org:{HERE}"),
        (caller("participant"), f"{ELSEWHERE}:parkzicht"),
    ):
        with pytest.raises(NotFound) as refused:
            allow(who, "read", stream)
        assert type(refused.value) is NotFound
        assert str(refused.value) == NO_DIALOGUE.format(stream=stream)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_its_scopes_say(role: str) -> None:
    """And for nothing else: not here, nor without a dialogue."""
    for scope in SCOPES:
        for stream in (None, f"{HERE}:parkzicht"):
            if scope in ROLES[role]:
                allow(caller(role), scope, stream)
            else:
                with pytest.raises(NotAllowed, match=scope):
                    allow(caller(role), scope, stream)
    assert scopes_of([role, "burgemeester"]) == ROLES[role]


def test_the_page_for_integrators_tells_the_roles_and_their_scopes() -> None:
    """The table there is the one that counts."""
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    told = {
        role: frozenset(re.findall(r"`(\w+)`", scopes))
        for role, scopes in rows
        if role in ROLES
    }
    assert told == dict(ROLES)


async def test_a_link_is_only_for_a_dialogue_that_is_there(desk: Desk) -> None:
    """No link is made to what does not exist, and none for too long."""
    with pytest.raises(NotFound):
        await links.create(desk, f"{HERE}:nergens", "p-7", BY)
