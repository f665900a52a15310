"""Looking at what lies in a dialogue: who sees what of it, and which texts are open.

Who reads with the scope ``read`` sees all that is public. A participant, who has only
``respond``, sees what concerns them. Private texts come only to who asks for them, and
that they were read is on record before they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import Field

from api.paging import Paged
from api.security import Visit
from desk.desk import Sender
from desk.readers import May, may
from desk.reads import note
from desk.texts_at import texts_at
from domain.confidential import roles_of
from domain.facts import Place
from domain.state import Dialogue

UNREAD: Final = "\ue000"
"""What stands for a private text where a page asks for itself anew.

A character that no text of a person has: what holds it stays on the page as it was.
"""

_WHAT: Final = "list"
"""What such a read is called in the log of reads."""

WithTexts = Annotated[
    bool,
    Field(
        description="Ook de teksten die privé zijn en die u mag lezen. Dat u ze las "
        "komt in het leeslogboek.",
    ),
]


class Looked(Paged):
    """Welke bladzijde, en of de teksten die privé zijn erbij komen."""

    private: WithTexts = False


def own_of(visit: Visit, stream: str) -> str | None:
    """Say whose own part of a dialogue a caller sees; None where that is all of it.

    Raises `NotFound` and `NotAllowed`.
    """
    scopes = visit.caller.scopes
    if "respond" in scopes and "read" not in scopes:
        visit.allow("respond", stream)
        return visit.caller.actor
    visit.allow("read", stream)
    return None


async def words(
    visit: Visit, stream: str, state: Dialogue, places: Iterable[Place], what: str
) -> dict[Place, str]:
    """Open the texts in these places for a caller, once that is on record.

    Raises `NotAllowed` without the scope ``private``, and `Refused` for somebody whom
    this dialogue opens nothing to. Nothing is opened, and nothing noted, where nobody
    asked (`Visit.by_itself`): each text is `UNREAD`.
    """
    who = visit.caller.actor
    if own_of(visit, stream) is None:
        visit.allow("private", stream)
        allowed = may(state, Sender(who))
    else:
        # Of a confidential step somebody reads their own words only in its roles too.
        allowed = May(roles_of(state, who), steers=True)
    wanted = set(places)
    if visit.by_itself:
        return dict.fromkeys(wanted, UNREAD)
    rows, filters = len({seq for seq, _ in wanted}), {"list": what}
    await note(visit.desk, who, _WHAT, stream, filters, rows=rows, opened=True)
    return await texts_at(visit.desk, stream, state, wanted, allowed)
