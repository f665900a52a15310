"""What is erased is named on record by event and field, and by nothing else.

The state holds no text, so nothing in it changes; that the fields exist, and that
their texts are gone, is for the record to say, which is who asks for this.
"""

from __future__ import annotations

from domain.commands import ErasePersonalData
from domain.draft import Draft
from domain.errors import MalformedCommand
from domain.events import PersonalDataErased
from domain.messages import kind_of


def erase_personal_data(draft: Draft, command: ErasePersonalData) -> None:
    """Note on record that the texts in these places are not, or no longer, kept."""
    last, _ = command.paths[-1]
    if last >= draft.next_seq:
        problem = f"event {last} is not there yet"
        raise MalformedCommand(kind=kind_of(ErasePersonalData), problem=problem)
    draft.happen(PersonalDataErased(paths=command.paths))
