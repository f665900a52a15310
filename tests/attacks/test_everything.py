"""The log attacked: with the stolen key, only what lies elsewhere knows better."""

from __future__ import annotations

import pytest

from tests.attacks.owner import (
    Members,
    change,
    owning,
    put_back,
    rewrite,
    unseal,
)
from tests.attacks.record import DIJK, PARK, Found, Record
from tests.cli.running import polder, settings

OF_IT = f"stream = '{PARK}' AND seq = 2"
CHECKPOINT: Found = {("", None, "checkpoint")}
TILE: Found = {("", None, "tile")}

LOG_TABLES: dict[str, tuple[str, Found]] = {
    "a leaf's hash": (
        f"UPDATE audit.leaf SET hash = sha256('x') WHERE {OF_IT}",
        {(PARK, 2, "leaf"), *CHECKPOINT, *TILE},
    ),
    "a leaf's event": (
        f"UPDATE audit.leaf SET stream = '{DIJK}', seq = 99 WHERE {OF_IT}",
        {(DIJK, 99, "leaf"), (DIJK, 1, "leaf"), (PARK, 3, "leaf")},
    ),
    "a leaf gone": (
        f"DELETE FROM audit.leaf WHERE {OF_IT}",
        {
            ("", None, "leaf"),
            ("", None, "census"),
            (PARK, 3, "leaf"),
            *CHECKPOINT,
            *TILE,
        },
    ),
    "the last leaf gone": (
        (
            "DELETE FROM audit.leaf WHERE leaf_index ="
            " (SELECT max(leaf_index) FROM audit.leaf)"
        ),
        CHECKPOINT,
    ),
    "a tile's hashes": (
        "UPDATE audit.tile SET hashes = set_byte(hashes, 9, get_byte(hashes, 9) # 1)",
        TILE,
    ),
    "a tile's root": ("UPDATE audit.tile SET root = sha256('x')", TILE),
    "a tile gone": ("DELETE FROM audit.tile", TILE),
    "a checkpoint's root": (
        "UPDATE audit.checkpoint SET root = sha256('x')",
        CHECKPOINT,
    ),
    "a checkpoint's note": (
        "UPDATE audit.checkpoint SET note = note || 'x'",
        CHECKPOINT,
    ),
    "a checkpoint's key": (
        "UPDATE audit.checkpoint SET key_id = '\\x01020304'",
        {("", None, "signature")},
    ),
    "the first checkpoint gone": (
        (
            "DELETE FROM audit.checkpoint WHERE size ="
            " (SELECT min(size) FROM audit.checkpoint)"
        ),
        CHECKPOINT,
    ),
    "the last checkpoint gone": (
        (
            "DELETE FROM audit.checkpoint WHERE size ="
            " (SELECT max(size) FROM audit.checkpoint)"
        ),
        CHECKPOINT,
    ),
    "all checkpoints gone": ("DELETE FROM audit.checkpoint", CHECKPOINT),
    "said not to be published": (
        "UPDATE audit.checkpoint SET published = false",
        CHECKPOINT,
    ),
    "a cosignature": (
        (
            "INSERT INTO audit.cosignature (size, key_name, line)"
            " SELECT size, 'w', 'x' FROM audit.checkpoint"
        ),
        {("", None, "witness")},
    ),
    "a method": (
        "UPDATE audit.content SET body = body || ' '",
        {("", None, "content")},
    ),
    "a method gone": (
        "DELETE FROM audit.content WHERE kind = 'method'",
        {(PARK, 1, "content"), (DIJK, 1, "content")},
    ),
}


@pytest.mark.parametrize("what", LOG_TABLES)
async def test_the_tables_of_the_log(record: Record, what: str) -> None:
    """Leaves, tiles, checkpoints, what events refer to: each by just these checks."""
    statement, expected = LOG_TABLES[what]
    await change(record.url, statement)
    assert await record.found() == expected


def other_role(members: Members) -> None:
    """Have it done by somebody else."""
    members["actor"]["id"] = "p-2"


async def everything_again(record: Record) -> None:
    """Rewrite, throw the log away, and seal and sign all of it with the stolen key."""
    async with owning(record.url) as owner:
        await rewrite(owner, PARK, 2, other_role)
        await unseal(owner)
    await record.rebuilt()
    for publish in (False, True, True):
        await record.seals(publish=publish)


async def test_everything_rewritten_with_the_stolen_key(record: Record) -> None:
    """Sound in itself; it continues no checkpoint that somebody kept from before."""
    await everything_again(record)
    assert await record.found() == set()
    assert await record.found(record.old) == {("", None, "since")}
    assert await record.found(record.new) == {("", None, "since")}


async def test_a_pack_of_what_was_rewritten(record: Record) -> None:
    """Sound to who has nothing else; with a kept checkpoint: no proof from it, 6."""
    await everything_again(record)
    pack = await record.pack()
    assert record.judged(pack) == (0, set())
    assert record.judged(pack, record.old) == (6, {"since"})


async def test_last_week_s_backup_put_back(record: Record) -> None:
    """Sound in itself, and to an older checkpoint; a newer one is larger."""
    newer = record.elsewhere / "newer"
    newer.write_bytes(await record.seals(publish=True))
    await put_back(record.url)
    assert await record.found() == set()
    assert await record.found(record.new) == set()
    assert await record.found(newer) == {("", None, "since")}
    pack = await record.pack()
    # It has grown to the same size by now, by another way.
    assert record.judged(pack, newer) == (1, {"since"})


async def test_a_backup_that_grew_on(record: Record) -> None:
    """Once the log is as large again, the same size has another root: not sound."""
    newer = record.elsewhere / "newer"
    newer.write_bytes(await record.seals(publish=True))
    await put_back(record.url)
    for _ in range(4):
        await record.seals(publish=True)
    assert await record.found() == set()
    assert await record.found(newer) == {("", None, "since")}


@pytest.mark.parametrize(
    "what",
    [
        "UPDATE read.dialogue SET title = 'x' WHERE stream = '{}'",
        "UPDATE read.dialogue SET status = 'archived' WHERE stream = '{}'",
        "DELETE FROM read.dialogue WHERE stream = '{}'",
        "DELETE FROM read.deadline WHERE stream = '{}'",
        "UPDATE read.deadline SET due = due + interval '1 day' WHERE stream = '{}'",
        "DELETE FROM read.entry WHERE stream = '{}'",
        "UPDATE read.entry SET seq = seq + 1 WHERE stream = '{}'",
        "UPDATE read.entry SET data = data || '{{\"by\": \"x\"}}' WHERE stream = '{}'",
        "INSERT INTO read.entry VALUES ('{}', 'agreement', 'x', 1, '{{}}')",
        "DELETE FROM read.need WHERE stream = '{}'",
        "DELETE FROM read.need_for WHERE stream = '{}'",
        "UPDATE read.need_for SET party = party || 'x' WHERE stream = '{}'",
        "UPDATE read.need_for SET hides_at = shows_at WHERE stream = '{}'",
        "INSERT INTO read.part VALUES ('{}', 'stakeholders', '{{}}')",
    ],
)
async def test_a_projection_changed(record: Record, what: str) -> None:
    """Found by verify and by rebuild, which puts it right; then there is nothing."""
    await change(record.url, what.format(PARK))
    expected = {(PARK, None, "projection")}
    assert await record.found() == expected
    assert await record.rebuilt() == expected
    assert await record.rebuilt() == set()
    assert await record.found() == set()


async def test_the_same_by_the_command_line(record: Record) -> None:
    """`polder audit verify` and `rebuild` end as the page says, and name the event."""
    environment = settings(DATABASE_URL=record.url, POLDER_LOG_KEY=str(record.key_file))
    file = record.elsewhere / "park.zip"
    file.write_bytes(await record.pack())
    key = ("--key", str(record.key.vkey))
    since = ("--since", str(record.new))
    await change(record.url, "UPDATE read.dialogue SET title = 'x'")
    said = polder("audit", "rebuild", "--json", environment=environment)
    assert (said.code, len(said.document["findings"])) == (1, 2)
    sound = ("audit", "verify", "--all", *since, *key, "--json")
    assert polder(*sound, environment=environment).code == 0
    await change(record.url, f"UPDATE audit.event SET type = 'x' WHERE {OF_IT}")
    said = polder(*sound, environment=environment)
    assert said.code == 1
    assert [(f["stream"], f["seq"], f["check"]) for f in said.document["findings"]] == [
        (PARK, 2, "column")
    ]
    assert polder("audit", "verify", str(file), *key, environment={}).code == 0
    file.write_bytes(file.read_bytes().replace(b"opdracht.scope", b"opdracht.rogue"))
    assert polder("audit", "verify", str(file), *key, environment={}).code == 1
