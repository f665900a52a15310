"""Events go to one subscription until there are no more, and a while longer.

Whoever delivers lingers, so that the next event goes out the moment it is sealed and
costs no new task. Everything that it needs to know is in the record: whoever takes over
from a worker that died goes on where that one settled last.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contracts import DELIVER, Delivered
from activities.errand import OVER, Errand, Tools
from activities.heartbeats import heartbeats
from activities.ourselves import Ourselves
from activities.outward import Outward
from activities.subscriber import Subscriber
from activities.turn import Times
from storage.deliveries import (
    claim,
    release,
)
from storage.errors import StorageError
from storage.keys import Keys
from storage.listening import Bell
from storage.pool import Pool
from storage.subscriptions import secrets_of

_log: structlog.stdlib.BoundLogger = structlog.get_logger("polder.delivery")


class Delivering:
    """Brings events to whoever subscribed to them."""

    def __init__(
        self,
        pool: Pool,
        keys: Keys,
        outward: Outward,
        ourselves: Ourselves,
        times: Times | None = None,
    ) -> None:
        """Use the writer's ``pool``, and the keys of the subscriptions' secrets."""
        self.pool = pool
        self.outward = outward
        self.ourselves = ourselves
        self.times = times or Times()
        self._keys = keys
        self._bells: dict[str, Bell] = {}

    @property
    def under_way(self) -> Collection[str]:
        """The subscriptions that this process delivers to now."""
        return self._bells.keys()

    def ring(self, id: str) -> bool:
        """Say that there may be more for a subscription; false: nobody is with it."""
        bell = self._bells.get(id)
        if bell is None:
            return False
        bell.ring()
        return True

    def take_down(self, id: str, bell: Bell) -> None:
        """Have this bell rung no more."""
        if self._bells.get(id) is bell:
            del self._bells[id]

    @activity.defn(name=DELIVER)
    async def deliver(self, subscription: str) -> Delivered:
        """Send what is next until there is nothing more; see `DELIVER`."""
        bell = self._bells[subscription] = Bell()
        try:
            async with heartbeats():
                return await self._served(subscription, bell)
        except StorageError as error:
            problem = str(error)
            _log.warning("delivery_stopped", subscription=subscription, problem=problem)
            name = type(error).__name__
            raise ApplicationError(str(error), type=name) from None
        finally:
            self.take_down(subscription, bell)

    async def _served(self, id: str, bell: Bell) -> Delivered:
        lease = uuid.uuid4()
        to = await claim(self.pool, id, lease)
        if to is None:
            return OVER
        secrets = await secrets_of(self.pool, self._keys, to.organisation, id)
        async with self.outward.kept(to.organisation) as line:
            subscriber = Subscriber(line, to, secrets, self.ourselves)
            tools = Tools(self.pool, self.ourselves, self.times, self.take_down)
            errand = Errand(tools, id, lease, subscriber)
            try:
                return await errand.run(to, bell)
            finally:
                await release(self.pool, id, lease)
