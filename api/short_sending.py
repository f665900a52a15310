"""A short form becomes its command: the same path, and the same answer."""

from __future__ import annotations

from typing import Final

from fastapi import Response

from api.models import Body
from api.models.commands import CommandAnswer
from api.models.short_forms import body_of, mandate_of
from api.security import Visit
from api.sending import Sender
from desk.access.acting_as import OWN
from domain.facts import Mandate

SENT: Final = (
    " Antwoordt zoals een opdracht van die soort op `…/commands`: met dezelfde "
    "`Idempotency-Key` nog eens gestuurd heeft het geen tweede effect."
)
"""What the description of each such route ends with."""


class Short:
    """A short form that a caller sent, about to become a command."""

    def __init__(self, visit: Visit, kind: str, body: Body, **more: str) -> None:
        """Take what was sent; ``more`` is what the address says of it.

        Who speaks for themselves alone need not say that it is they.
        """
        self.kind = kind
        self.body = {**body_of(body), **more}
        self._role: str | None = self.body.pop("role", None)
        mandate = self.body.pop(mandate_of(kind), None)
        self._mandate = None if mandate is None else Mandate.model_validate(mandate)
        if kind in OWN and "act" not in visit.caller.scopes:
            self.body.setdefault(OWN[kind], visit.caller.actor)

    async def send(
        self, sending: Sender, response: Response, stream: str
    ) -> CommandAnswer | Response:
        """Send it, and tell what the dialogue says."""
        return await sending.send(
            response,
            stream,
            self.kind,
            self.body,
            role=self._role,
            mandate=self._mandate,
        )
