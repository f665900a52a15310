"""Whose a token is and where a dialogue stands, in one question to the record."""

from __future__ import annotations

from desk.access.caller import Caller
from desk.access.tokens import caller_of, digest, is_token
from desk.at_a_glance import Card
from desk.desk import Desk
from storage.cards import token_and_card


async def authenticate_at(
    desk: Desk, text: str, stream: str
) -> tuple[Caller | None, Card | None]:
    """Say who brings this token, with a dialogue as their organisation sees it.

    As `desk.access.tokens.authenticate`. Whether they may see it is still to be asked.
    """
    if not is_token(text):
        return None, None
    known, card = await token_and_card(desk.pool, digest(text), stream)
    return None if known is None else caller_of(known), card
