"""Through the second wall one organisation is seen, whatever is asked."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from contextlib import nullcontext
from hashlib import md5

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from storage import ownlog as own
from storage.cards import card
from storage.deliveries import claim, held, of_stream
from storage.errors import IdTaken
from storage.keys import Keys
from storage.pool import Connection, OpenPool, Pool, connection
from storage.projecting import Projections
from storage.published import publish, published_methods
from storage.queries import dialogue
from storage.record import append
from storage.vault import PrivateField, put
from storage.walls import Walled, api_pool, badge_of, front_pool
from tests.storage.dialogues import Play
from tests.storage.streams import batch, events

OURS, THEIRS = "gemeente-waterdam", "gemeente-anders"

OPEN = {
    "audit.installation": "one row, which says nothing of anybody",
    "audit.tile": "hashes of the log, which everybody may have",
    "audit.checkpoint": "what the log publishes of itself",
    "audit.cosignature": "what witnesses say of that",
    "audit.timestamp": "what authorities of time say of that",
    "library.method": "methods are published for all organisations of a house",
    "audit.content": "no grant: read by its hash alone, through audit.content_of",
    "delivery.canary": "says that commands come through, and nothing of anybody",
    "delivery.publication": "no grant: what the house publishes where",
    "access.secret": "no grant, to nobody",
    "polder.migration": "which version the schema is",
}
"""Tables without a wall, and why none is needed."""

FUNCTIONS = {
    "access.token_of": "who knows the digest of a token",
    "access.client_key": "an id of a key, which opens nothing by itself",
    "access.client_of": "who knows the digest of a client's secret",
    "access.session_of": "who knows the digest of a session",
    "access.swap": "who knows the digest of a link",
    "access.link_is_good": "who knows the digest of a link",
    "access.end_session": "who knows the digest of a session",
    "access.is_provided": "who knows the digest of a session",
    "access.own_sessions": "who knows the digest of a session, of whoever has it",
    "access.end_own_sessions": "who knows the digest of a session, of whoever has it",
    "access.enter": "who knows the digest of a doorkeeper's token",
    "access.note_denial": "only adds a line",
    "access.organisation": "says what is on the badge",
    "audit.append": "only the organisation's own stream",
    "audit.hold": "only the organisation's own stream",
    "vault.note_recorded": "only the organisation's own stream",
    "audit.content_of": "who knows the hash",
    "audit.seal_delay": "one number of the whole log",
    "audit.log_size": "what the log publishes of itself",
    "audit.leaf_hashes": "what the log publishes of itself",
    "audit.heads_around": "hashes, and what the badge lets see",
    "read.roles_held": "what the badge lets see",
    "library.publish": "only in the organisation's own name",
}
"""Functions with their owner's rights that `polder_api` may call, and for whom."""
SCHEMAS = ["access", "audit", "delivery", "library", "polder", "read", "vault"]


@pytest_asyncio.fixture
async def api(url: str) -> AsyncIterator[OpenPool]:
    """Give the API's pool, of one connection that all visits share."""
    async with api_pool(url, max_size=1) as opened:
        yield opened


@pytest_asyncio.fixture
async def owner(url: str) -> AsyncIterator[Connection]:
    """Give a connection that no policy holds for."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        yield conn


async def test_every_table_is_behind_the_wall_or_on_a_list(owner: Connection) -> None:
    """A table that is added needs a policy, or a reason here for having none."""
    rows = await owner.execute(
        "SELECT c.relnamespace::regnamespace || '.' || c.relname, c.relrowsecurity AND"
        " EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid AND polname = 'wall'),"
        " has_any_column_privilege('polder_api', c.oid, 'SELECT, INSERT, UPDATE')"
        " FROM pg_class c WHERE c.relnamespace::regnamespace::text = ANY(%s)"
        " AND c.relkind IN ('r', 'p', 'm', 'f')",
        [SCHEMAS],
    )
    found = {name: (walled, granted) for name, walled, granted in await rows.fetchall()}
    assert {name for name, (walled, _) in found.items() if not walled} == set(OPEN)
    shut = {name for name, why in OPEN.items() if why.startswith("no grant")}
    assert not [name for name in shut if found[name][1]]


async def test_no_view_looks_with_its_owners_eyes(owner: Connection) -> None:
    """A view shows what its reader may see, not what its owner may."""
    rows = await owner.execute(
        "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'v'"
        " AND c.relnamespace::regnamespace::text = ANY(%s) AND NOT"
        " coalesce('security_invoker=true' = ANY(c.reloptions), false)",
        [SCHEMAS],
    )
    assert await rows.fetchall() == []


async def test_functions_with_their_owners_rights_are_few_and_known(
    owner: Connection,
) -> None:
    """What `polder_api` may call that sees over the wall is on a list."""
    rows = await owner.execute(
        "SELECT p.pronamespace::regnamespace || '.' || p.proname FROM pg_proc p"
        " WHERE p.pronamespace::regnamespace::text = ANY(%s) AND p.prosecdef"
        " AND has_function_privilege('polder_api', p.oid, 'EXECUTE')",
        [SCHEMAS],
    )
    assert {name for (name,) in await rows.fetchall()} == set(FUNCTIONS)


async def test_one_pool_shows_each_organisation_its_own(
    pool: Pool, keys: Keys, api: OpenPool, owner: Connection
) -> None:
    """Two organisations on one connection in turn: of every table each sees its own."""
    await _furnish(pool, keys, owner)
    walled = {
        name: [Walled(api, await badge_of(pool, name)) for _ in range(2)]
        for name in (OURS, THEIRS)
    }
    for turn in range(2):
        for name, pools in walled.items():
            seen = await _seen(pools[turn], owner)
            assert {table: who for table, who in seen.items() if who != {name}} == {}


async def test_without_a_good_badge_nothing_is_seen(
    pool: Pool, keys: Keys, api: OpenPool, owner: Connection
) -> None:
    """No badge, one made up, one changed and one that has expired show nothing."""
    await _furnish(pool, keys, owner)
    good = await badge_of(pool, OURS)
    _, until, seal = good.split(".")
    sealed = await owner.execute(f"SELECT access.sealed('{OURS}.1000')")
    (late,) = await sealed.fetchone() or ("",)
    for badge in (
        "",
        OURS,
        f"{OURS}.{until}.{'0' * 64}",
        f"{THEIRS}.{until}.{seal}",
        f"{OURS}.{int(until) + 1}.{seal}",
        f"{OURS}.1000.{late}",
        f"{good}\n",
    ):
        seen = await _seen(Walled(api, badge), owner)
        assert {table: who for table, who in seen.items() if who} == {}, badge
    every = await _seen(Walled(api, good), owner)
    assert {table: who for table, who in every.items() if not who} == {}
    assert await dialogue(Walled(api, good), f"{OURS}:parkzicht") is not None
    assert await dialogue(Walled(api, good), f"{THEIRS}:parkzicht") is None
    assert await dialogue(api, f"{OURS}:parkzicht") is None


async def test_a_badge_can_be_shown_for_one_statement(
    pool: Pool, keys: Keys, url: str, api: OpenPool, owner: Connection
) -> None:
    """It shows what is behind that badge, and leaves none on the connection."""
    await _furnish(pool, keys, owner)
    async with front_pool(url, max_size=1) as front:
        for name in (OURS, THEIRS):
            badge = await badge_of(pool, name)
            walled = Walled(api, badge, front)
            for other in (OURS, THEIRS):
                stream = f"{other}:parkzicht"
                seen = await card(walled, stream)
                assert seen == (await card(pool, stream) if other == name else None)
                made_up = Walled(api, badge.replace(name, other) + "0", front)
                assert await card(made_up, stream) is None
            async with front.connection() as conn:
                left = await conn.execute(
                    "SELECT current_setting('polder.badge', true),"
                    " (SELECT count(*) FROM read.dialogue)"
                )
                assert await left.fetchone() == ("", 0)


async def test_nothing_of_a_visit_stays_for_the_next_one(
    pool: Pool, keys: Keys, api: OpenPool, owner: Connection
) -> None:
    """A connection whose settings were spoiled comes back as it was at first."""
    await _furnish(pool, keys, owner)
    ours = Walled(api, await badge_of(pool, OURS))
    for spoiled in (
        "RESET ROLE",
        "SET row_security = off",
        "CREATE TEMPORARY TABLE dialogue (stream text)",
        "DEALLOCATE ALL; PREPARE _pg3_0 AS SELECT 1",
        "BEGIN; SET TRANSACTION READ ONLY",
        "LISTEN polder_recorded",
        "SET statement_timeout = 0",
    ):
        async with ours.connection() as conn:
            await conn.execute(spoiled)
        async with api.connection() as conn:
            row = await conn.execute(
                "SELECT current_user,"
                " coalesce(current_setting('polder.badge', true), ''),"
                " current_setting('row_security'),"
                " current_setting('statement_timeout'),"
                " (SELECT count(*) FROM read.dialogue), (SELECT count(*) FROM"
                " pg_listening_channels())"
            )
            assert await row.fetchone() == ("polder_api", "", "on", "30s", 0, 0), (
                spoiled
            )


async def test_nothing_is_written_for_another_organisation(
    pool: Pool, keys: Keys, api: OpenPool, owner: Connection
) -> None:
    """Texts, responses, lines of reads and events: each only for one's own."""
    await _furnish(pool, keys, owner)
    ours = Walled(api, await badge_of(pool, OURS))
    for writes in (
        _RESPONSE,
        _LINE,
        _TEXT,
        "SELECT audit.hold('org:{}')",
    ):
        async with ours.connection() as conn:
            await conn.execute(writes.format(OURS))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await conn.execute(writes.format(THEIRS))
    async with ours.connection() as conn:
        changed = await conn.execute("UPDATE delivery.submission SET error = 'x'")
        assert changed.rowcount == 2
        gone = await conn.execute("DELETE FROM vault.value WHERE status = 'pending'")
        assert gone.rowcount == 2


async def test_a_method_is_published_in_ones_own_name_under_ones_own_id(
    pool: Pool, api: OpenPool
) -> None:
    """No row is made up, and nobody takes the id of somebody else's method."""
    ours = Walled(api, await badge_of(pool, OURS))
    theirs = Walled(api, await badge_of(pool, THEIRS))

    async def put(source: Pool, method: str, by: str) -> bool:
        row = {"version": "1.0", "sha256": "aa" * 32, "text": "id: x", "by": by}
        return await publish(source, method=method, **row)

    assert await put(ours, "ours", f"{OURS}/p-1")
    assert not await put(ours, "ours", f"{OURS}/p-2")
    assert await put(pool, "operators", "beheer-1")
    for by in (f"{THEIRS}/p-1", "beheer-1", f"{OURS}-2/p-1", ""):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await put(ours, "new", by)
    for method in ("ours", "operators"):
        with pytest.raises(IdTaken):
            await put(theirs, method, f"{THEIRS}/p-1")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await put(api, "new", f"{OURS}/p-1")
    async with ours.connection() as conn:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await conn.execute(
                "INSERT INTO library.method (id, version, hash, text, published_by)"
                " VALUES ('new', '1', sha256(''), '', 'beheer-1')"
            )


async def test_of_two_who_publish_at_once_one_has_the_id(pool: Pool, url: str) -> None:
    """The second finds it taken, however close behind."""
    async with api_pool(url, max_size=8) as many:
        names = [f"gemeente-{n}" for n in range(8)]
        walled = {n: Walled(many, await badge_of(pool, n)) for n in names}

        async def put(name: str) -> bool:
            row = {"version": "1.0", "sha256": "aa" * 32, "text": "id: x"}
            try:
                return await publish(
                    walled[name], method="raced", by=f"{name}/p-1", **row
                )
            except IdTaken:
                return False

        assert [*await asyncio.gather(*map(put, names))].count(True) == 1
    assert len(await published_methods(pool)) == 1


@pytest.mark.parametrize("table", ["held", "again", "dead", "attempt"])
async def test_what_is_kept_of_a_subscription_is_of_its_organisation(
    pool: Pool, keys: Keys, api: OpenPool, owner: Connection, table: str
) -> None:
    """A row of ours can't be one of their subscription, nor be made one."""
    await _furnish(pool, keys, owner)
    of_them = f"DELETE FROM delivery.{table} WHERE organisation = '{THEIRS}'"
    await owner.execute(of_them.encode())
    theirs = md5(THEIRS.encode(), usedforsecurity=False).hexdigest()
    ours = Walled(api, await badge_of(pool, OURS))
    whole = re.search(rf"INSERT INTO delivery\.{table} .*?;", _ROWS, re.DOTALL)
    assert whole
    row = whole[0].replace("uuid_of('ORG')", f"'{theirs}'::uuid").replace("ORG", OURS)
    if table == "again":
        row = row.replace(f"('{theirs}'::uuid", "(gen_random_uuid()", 1)
    async with ours.connection() as conn:
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            await conn.execute(row.encode())
        if table != "attempt":
            changed = f"UPDATE delivery.{table} SET subscription = '{theirs}'"
            with pytest.raises(psycopg.errors.ForeignKeyViolation):
                await conn.execute(changed.encode())


async def test_a_worker_sends_nothing_of_another_organisation(
    pool: Pool, keys: Keys, api: OpenPool, owner: Connection
) -> None:
    """Rows that this wall lets in make nobody behind it send what is not ours."""
    await _furnish(pool, keys, owner)
    ours = Walled(api, await badge_of(pool, OURS))
    id = str(uuid.UUID(md5(OURS.encode(), usedforsecurity=False).hexdigest()))
    async with ours.connection() as conn:
        await conn.execute(
            "UPDATE delivery.held SET leaf_index = 0 WHERE subscription = %s", [id]
        )
        await conn.execute(
            "INSERT INTO delivery.held (subscription, organisation, stream, leaf_index,"
            " failures) VALUES (%s, %s, %s, 0, 0)",
            [id, OURS, f"{THEIRS}:parkzicht"],
        )
    to = await claim(pool, id, uuid.uuid4())
    assert to is not None
    found = [
        leaf.stream
        for each in await held(pool, id)
        for leaf in await of_stream(pool, to, each, 1_000, 200)
    ]
    assert found == [f"{OURS}:parkzicht"]


async def test_only_ones_own_stream_takes_events(pool: Pool, api: OpenPool) -> None:
    """No dialogue, no other organisation and not the log: nor is anything told."""
    await append(pool, batch(events(2, stream=f"org:{THEIRS}"), epoch=1))
    ours = Walled(api, await badge_of(pool, OURS))
    mine = events(1, stream=f"org:{OURS}")
    await append(ours, batch(mine, epoch=1))
    for stream in (f"org:{THEIRS}", f"{OURS}:parkzicht", "polder:log", "org:nobody"):
        for epoch in (0, 1, 7):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await append(ours, batch(events(1, stream=stream), epoch=epoch))


async def test_a_text_is_noted_of_an_event_of_this_transaction_alone(
    pool: Pool, api: OpenPool, keys: Keys, owner: Connection
) -> None:
    """Of what was on record before nobody comes and says what is missing there."""
    stream = f"org:{OURS}"
    ours = Walled(api, await badge_of(pool, OURS))
    for n in (1, 2):
        kept = await put(ours, keys, stream, f"c-{n}", [PrivateField("/x", "p-1", "a")])
        async with connection(ours) as conn:
            # Once as a transaction of its own, and once as a part of one.
            within = conn.transaction() if n > 1 else nullcontext()
            async with within:
                await own.append(
                    conn, stream, "x", {"x": None}, cause=f"c-{n}", private=kept
                )
    noted = await owner.execute(
        "SELECT status, seq FROM vault.value WHERE stream = %s ORDER BY seq", [stream]
    )
    assert await noted.fetchall() == [("recorded", 1), ("recorded", 2)]
    row = "ARRAY['c-1'], ARRAY['/y'], ARRAY['x'::bytea], ARRAY[1::bigint], ARRAY['p-1']"
    again = f"SELECT vault.note_recorded('{stream}', {row}, true)"
    async with connection(ours) as conn:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await conn.execute(again.encode())
    found = await owner.execute("SELECT FROM vault.absent WHERE stream = %s", [stream])
    assert await found.fetchall() == []


async def test_the_record_can_not_be_left_by_another_role(
    url: str, api: OpenPool
) -> None:
    """Who has only the API's login stays in its role, whatever statements they run."""
    name = f"http_{uuid.uuid4().hex[:8]}"
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        await conn.execute(
            sql.SQL(
                "CREATE ROLE {0} LOGIN; GRANT polder_api TO {0} WITH INHERIT FALSE,"
                " SET TRUE; SET SESSION AUTHORIZATION {0}; SET ROLE polder_api"
            ).format(sql.Identifier(name))
        )
        for tried in (
            "SET ROLE polder_writer",
            "SET ROLE polder_owner",
            "RESET ROLE; SELECT FROM read.dialogue",
            "RESET ROLE; SET ROLE polder_api; SELECT access.badge('gemeente-anders')",
            "SELECT secret FROM access.secret",
            "SELECT access.sealed('gemeente-anders.9999999999')",
            "SELECT digest FROM access.token",
            "ALTER TABLE read.dialogue DISABLE ROW LEVEL SECURITY",
            "SET row_security = off; SELECT FROM read.dialogue",
            "SELECT audit.take_over('x', '', '')",
            "SELECT vault.begin_erasure('x', 'y', 'z')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await conn.execute(tried)
            await conn.execute("SET row_security = on; SET ROLE polder_api")


_RESPONSE = """
INSERT INTO delivery.submission (stream, submission, feedback_window, digest, body)
VALUES ('{}:parkzicht', 's-9', 'w', 'd', '{{}}')"""
_LINE = """
INSERT INTO audit.read_log (who, what, target, filters, rows, opened)
VALUES ('p-1', 'show', '{}', '{{}}', 1, false)"""
_TEXT = """
INSERT INTO vault.value (stream, command_id, path, subject, salt, value, commitment,
    key_id, nonce)
VALUES ('{}:parkzicht', 'c-9', '/text', 'p-1', sha256('x'), '', sha256('x'),
    gen_random_uuid(), substr(sha256('x'), 1, 12))"""


async def _furnish(pool: Pool, keys: Keys, owner: Connection) -> None:
    """Put a row of two organisations in every table that has a wall."""
    for organisation in (OURS, THEIRS):
        play = Play("parkzicht")
        play.stream = f"{organisation}:parkzicht"
        await append(pool, play.batch(play.starts()), Projections())
        field = PrivateField("/text", "p-1", "wat iemand zei")
        await put(pool, keys, play.stream, "c-1", [field])
        rows = _ROWS.replace("uuid_of('ORG')", f"md5('{organisation}')::uuid")
        await owner.execute(rows.replace("ORG", organisation))


_ROWS = """
INSERT INTO vault.destruction VALUES ('ORG:weg');
INSERT INTO audit.incident (id, stream, kind, detail)
    VALUES (gen_random_uuid(), 'ORG:parkzicht', 'forked', '{}');
INSERT INTO audit.leaf (leaf_index, stream, seq, hash, db_epoch)
    SELECT (SELECT count(*) FROM audit.leaf), stream, seq, hash, 1 FROM audit.event
    WHERE stream = 'ORG:parkzicht' AND seq = 1;
INSERT INTO audit.read_log (who, what, target, filters, rows, opened)
    VALUES ('p-1', 'show', 'ORG:parkzicht', '{}', 1, false),
        ('p-1', 'show', 'ORG', '{}', 1, false),
        ('p-1', 'show', 'org:ORG', '{}', 1, false),
        ('p-1', 'show', '*', '{}', 1, false);
INSERT INTO vault.absent VALUES ('ORG:parkzicht', 1, '/x', 'c');
INSERT INTO vault.erasure VALUES ('ORG', 'e-1', 'p-1');
INSERT INTO vault.erasing VALUES ('ORG:parkzicht', 1, '/x', 'c', 'ORG', 'e-1');
INSERT INTO vault.draft (stream, feedback_window, subject, value, nonce, key_id)
    VALUES ('ORG:parkzicht', 'w', 'p-2', '', substr(sha256('x'), 1, 12),
        uuid_of('ORG'));
INSERT INTO read.part VALUES ('ORG:parkzicht', 'x', '{}');
INSERT INTO read.failure VALUES ('ORG:stuk', 1, 'x');
INSERT INTO delivery.mail VALUES ('<ORG>', 'ORG:parkzicht', 'e', 'p-1', 'sent');
INSERT INTO delivery.submission (stream, submission, feedback_window, digest, body)
    VALUES ('ORG:parkzicht', 's-1', 'w', 'd', '{}');
INSERT INTO delivery.unsettled (stream, command, digest, actor)
    VALUES ('ORG:parkzicht', 'c-1', repeat('a', 16), 'p-1');
INSERT INTO delivery.subscription (id, organisation, target, format, authorisation,
        handshake, key, nonce, secrets, cursor, created_by)
    VALUES (uuid_of('ORG'), 'ORG', 'x', 'event', 'none', false, uuid_of('ORG'),
        substr(sha256('x'), 1, 12), '', 0, 'p-1');
INSERT INTO delivery.held VALUES (uuid_of('ORG'), 'ORG', 'ORG:parkzicht', 1, null, 1);
INSERT INTO delivery.attempt (subscription, organisation, message, type, at,
        milliseconds, outcome)
    VALUES (uuid_of('ORG'), 'ORG', 'x', 'x', now(), 1, 'failed');
INSERT INTO delivery.dead VALUES (uuid_of('ORG'), 'ORG', 1, 'ORG:parkzicht', 1, 'x',
    now(), 'x');
INSERT INTO delivery.again VALUES (uuid_of('ORG'), uuid_of('ORG'), 'ORG', 1, 'p-1');
INSERT INTO delivery.act (subscription, organisation, act, by)
    VALUES (uuid_of('ORG'), 'ORG', 'created', 'p-1');
INSERT INTO delivery.pack (id, part, stream, body)
    VALUES (uuid_of('ORG'), 0, 'ORG:parkzicht', '');
INSERT INTO delivery.case_link (organisation, stream, url, linked_by)
    VALUES ('ORG', 'ORG:parkzicht', 'https://zaken.example.org/1', 'p-1');
INSERT INTO access.token VALUES (gen_random_uuid(), sha256('ORG'), 'ORG', '{member}',
    'p-1', null, now(), 'p-1', now() + interval '1 day');
INSERT INTO access.link (id, digest, organisation, stream, actor, created_by,
        expires_at)
    VALUES (gen_random_uuid(), sha256('ORG'), 'ORG', 'ORG:parkzicht', 'p-2', 'p-1',
        now() + interval '1 day');
INSERT INTO access.session (digest, link, organisation, stream, actor, roles,
        expires_at)
    SELECT digest, id, organisation, stream, actor, '{participant}', expires_at
    FROM access.link WHERE organisation = 'ORG';
INSERT INTO access.denial (organisation, method, route, why)
    VALUES ('ORG', 'GET', '/v1/dialogues', 'unknown_token');
"""


async def _seen(source: Pool, owner: Connection) -> dict[str, set[str]]:
    """Say of every table with a wall, whose rows are seen."""
    rows = await owner.execute(
        "SELECT polrelid::regclass::text,"
        " EXISTS (SELECT FROM pg_attribute WHERE attrelid = polrelid"
        " AND attname = 'organisation'),"
        " EXISTS (SELECT FROM pg_attribute WHERE attrelid = polrelid"
        " AND attname = 'target' AND polrelid = 'audit.read_log'::regclass)"
        " FROM pg_policy WHERE polname = 'wall'"
        " AND has_any_column_privilege('polder_api', polrelid, 'SELECT')"
    )
    seen: dict[str, set[str]] = {}
    async with source.connection() as conn:
        for table, named, target in await rows.fetchall():
            whose = "organisation" if named else "target" if target else "stream"
            schema, _, name = str(table).partition(".")
            query = sql.SQL("SELECT DISTINCT {} FROM {}").format(
                sql.Identifier(whose), sql.Identifier(schema, name)
            )
            found = [
                str(row[0]) for row in await (await conn.execute(query)).fetchall()
            ]
            seen[table] = {
                stream.removeprefix("org:").partition(":")[0]
                for stream in found
                if stream != "polder:log"
            }
    return seen
