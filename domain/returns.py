"""A backup says that it was made; a record that was put back says so, and what it got.

Events of `polder:log`. Whoever reads a record knows from them which backups there are,
that this is one of them, and for each dialogue what was added from Temporal, and what
could not be.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from domain.facts import Fact, Hash, Instant, OpaqueId, StreamName

BACKUP_MADE: Final = "backup_made"
BACKUP_RESTORED: Final = "backup_restored"
CAUGHT_UP: Final = "dialogue_caught_up"

Count = Annotated[int, Field(ge=0, le=2**53 - 1)]


class BackupMade(Fact):
    """A copy of record and vault was made: its id, and how much was on record in it.

    ``heads_root`` is the root of the tree of all heads, as in a census. The keys of the
    vault were copied as well, to a file of their own.
    """

    backup: OpaqueId
    events: Count
    streams: Count
    heads_root: Hash


class BackupRestored(Fact):
    """This record was put back from a backup; ``db_epoch`` is the life it began.

    ``keys`` says whether the vault's keys were put back as well.
    """

    backup: OpaqueId
    made_at: Instant
    events: Count
    streams: Count
    heads_root: Hash
    keys: bool
    db_epoch: Count


class DialogueCaughtUp(Fact):
    """Events of a dialogue, from ``first`` to ``last``, came back from Temporal.

    ``head`` is the hash of the last one. ``missing`` is how many events the dialogue
    has in Temporal that could not be got back, ``erased_again`` how many private values
    were destroyed again, ``lost`` how many can't be opened any more.
    """

    stream: StreamName
    first: Count
    last: Count
    head: Hash
    missing: Count
    erased_again: Count
    lost: Count
