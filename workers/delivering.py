"""The worker that brings events to who subscribed to them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from temporalio.client import Client
from temporalio.worker import Worker

from activities.contracts import DELIVERY_QUEUE
from activities.deliver import Delivering
from activities.ourselves import BadName, Ourselves
from activities.outward import Outward
from activities.reach import Reach
from activities.waking import waking
from workers.making import put_together
from workflows.delivering import DeliveryWorkflow

DELIVERIES: Final = 500
"""Subscriptions that one worker delivers to, or waits for, at the same time."""

ANSWER_SECONDS: Final = 15
"""How long a subscriber may take to answer."""

ANSWER_BYTES: Final = 65_536
"""Bytes of its answer that are read; nothing of it is kept."""


def make_deliverer(client: Client, delivering: Delivering) -> Worker:
    """Put a worker together that brings events to subscribers.

    Without a version: one can be dead for longer than a build lives. One that is slow
    holds one of many places.
    """
    return put_together(
        client,
        DELIVERY_QUEUE,
        [DeliveryWorkflow],
        [delivering.deliver],
        max_concurrent_activities=DELIVERIES,
    )


@asynccontextmanager
async def telling(client: Client, delivering: Delivering) -> AsyncGenerator[None]:
    """Bring events to who subscribed to them, as long as the block lasts."""
    async with make_deliverer(client, delivering), waking(client, delivering):
        yield


def outside(environment: Mapping[str, str]) -> tuple[Outward, Ourselves]:
    """Read where events may go, and who we are to those that get them."""
    try:
        reach = Reach.read(environment.get("POLDER_ALLOW_PRIVATE_TARGETS", ""))
        outward = Outward(reach, seconds=ANSWER_SECONDS, most=ANSWER_BYTES)
        return outward, Ourselves.read(environment)
    except BadName as error:
        raise SystemExit(str(error)) from None
    except ValueError as error:
        message = f"POLDER_ALLOW_PRIVATE_TARGETS takes yes, no or networks: {error}"
        raise SystemExit(message) from None
