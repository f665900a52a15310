"""Packs for who asks over HTTP; how one is made, the desk knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from temporalio import activity

from activities.contracts.log import PACK, PackMade, PackRequest

Make = Callable[[PackRequest], Awaitable[PackMade]]


class Packing:
    """The activity that makes a pack, one at a time."""

    def __init__(self, make: Make) -> None:
        """``make`` makes one and lays it ready."""
        self._make = make

    @activity.defn(name=PACK)
    async def pack(self, request: PackRequest) -> PackMade:
        """Make it; done again, it lies in the place of the one before."""
        return await self._make(request)
