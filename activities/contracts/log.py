"""The contract about the log: what seals it, packs it and publishes its checkpoints."""

from __future__ import annotations

from typing import Final

from domain.facts import Fact

SEALING_QUEUE: Final = "polder-sealing"
"""The task queue of workers that have the log's key."""

SEAL: Final = "seal"
"""`SealRequest` → `SealedUpTo`: seals each second, until there is another to pass on.

At most one hour at a time. Fails for a while with whatever storage says.
"""

SEALING: Final = "Sealing"
"""The workflow that keeps the sealer going."""

SEALING_ID: Final = "polder:sealing"
"""Its id: there is one, and so one sealer."""

PACK: Final = "pack"
"""`PackRequest` → `PackMade`: makes a pack and lays it ready; safe to repeat.

Fails for good with what the desk says.
"""

PACKING: Final = "Packing"
"""The workflow of one pack, `polder:pack:<id>`, on the sealers' queue."""

PUBLISH: Final = "publish"
"""Size of a published checkpoint → nothing. Wakes every target; safe to repeat.

It waits for no target: each is brought up to date by a `PUBLISHING` of its own.
"""

PUBLISH_TO: Final = "publish_to"
"""Id of a target → `PublishedTo`. Brings the newest checkpoint there; safe to repeat.

Fails for a while with `NOT_PUBLISHED` or `CONTRADICTION`, for good with `NO_TARGET`.
"""

PUBLISHING_QUEUE: Final = "polder-publishing"
"""The task queue of `PUBLISHING` and `PUBLISH_TO`, of workers that have targets."""

PUBLISHING: Final = "Publishing"
"""The workflow of one target, `polder:publishing:<id of the target>`."""

CHECKPOINT_PUBLISHED: Final = "checkpoint_published"
"""The signal that makes it look again."""

NO_TARGET: Final = "NoTarget"
NOT_PUBLISHED: Final = "NotPublished"
CONTRADICTION: Final = "Contradiction"


class SealRequest(Fact):
    """What a sealer is told: the last published checkpoint that was passed on."""

    told: int


class SealedUpTo(Fact):
    """The size of the last published checkpoint."""

    published: int


class PackRequest(Fact):
    """For whom a pack of a stream is made, what stays closed, and where it goes."""

    id: str
    stream: str
    actor: str
    withhold: tuple[str, ...] = ()
    to: str
    """The public key that it is encrypted for (`storage.packs`)."""


class PackMade(Fact):
    """A pack that lies ready: its bytes, and the public key that opens it."""

    size: int
    key: str


class PublishedTo(Fact):
    """How far a target is; no size where there was nothing to bring now."""

    target: str
    size: int | None
