"""Why a plan may not be changed so, and what would help.

Each names the step that would have to be returned to, where that is what helps.
"""

# ruff: noqa: D415, E501 (a docstring is the message, whole and on one line)

from __future__ import annotations

from domain.errors import DomainError


class PlanUnfit(DomainError):
    """The plan could not be carried out like this ({where}): {problem}. {remedy}"""

    @classmethod
    def of(cls, where: str, problem: str, remedy: str) -> PlanUnfit:
        """Say what is wrong where, and what would help, as a sentence."""
        end = "" if remedy.endswith((".", "?")) else "."
        return cls(where=where, problem=problem, remedy=f"{remedy}{end}")


class DoneStays(DomainError):
    """{part} can't be changed: step {step} is {status}. To change it, return to that step first (revisit_step); what was done stays visible."""


class BegunStays(DomainError):
    """Step {step} can't be dropped: it has been worked on, and that stays visible. Leave it out instead, with a reason (skip_step); if it is done, return to it first (revisit_step)."""


class ItemStays(DomainError):
    """Item {item} can't be dropped: it was completed or waived, and that stays visible. Waive it instead, with a reason (waive_items)."""


class ItemMarked(DomainError):
    """Item {item} can't be changed: it is {status}. Take that back first (reopen_items)."""


class WindowStays(DomainError):
    """Feedback window {window} can't be dropped: it was opened, and that stays visible. Leave it closed, and let the step do without it (change_window with required: false)."""


class WindowRuns(DomainError):
    """Feedback window {window} can't be changed while it is open. Extend or close it, or wait until it closes; the change holds for its next opening."""


class UnknownPart(DomainError):
    """There is no {kind} {part} in this plan. {hint}"""


class TakenId(DomainError):
    """There is a {kind} {part} in this plan already. Give the new one an id of its own."""


class AmendmentTooLarge(DomainError):
    """This amendment takes {size} bytes on record; at most {limit} fit in one. Make two of it."""


class AmendedTooMuch(DomainError):
    """The amendments of this dialogue together would take {size} bytes; at most {limit} can be carried. Publish the amended plan as a method of your own, and go over to it (migrate_method)."""


class UnknownTrack(DomainError):
    """There is no track {track} in this dialogue. Its tracks are: {known}."""


class TrackExists(DomainError):
    """There is a track {track} in this dialogue already. Give the new one an id of its own."""


class TrackNotOpen(DomainError):
    """Track {track} is {status} already."""


class TrackIncomplete(DomainError):
    """Track {track} is not complete yet: {missing}. Complete these steps, or give a reason and the track is stopped."""


class CopyOfCopy(DomainError):
    """Step {step} is itself a copy in a track. Name the step it was copied from."""


class NameTooLong(DomainError):
    """The copy would be called {name}, which is longer than {limit} characters. Give the track a shorter id."""


class GateWouldBeLost(DomainError):
    """Gate {item} has not been passed in any track, and this is the last one that could pass it. Pass it, open another track, or cancel the dialogue."""


class PartUnmapped(DomainError):
    """These have been worked on, and the new method has nothing of that name: {parts}. Say for each what it becomes there, or null where it stays behind (mapping)."""


class MappingUnfit(DomainError):
    """The mapping can't be followed: {problem}."""


class OpenWindowLeft(DomainError):
    """Feedback window {window} is open, and would stay behind. Close it first, or say what it becomes in the new method."""


class MigrationTooLarge(DomainError):
    """What stays behind and goes along takes {size} bytes on record; at most {limit} fit. Say of more parts what they become in the new method."""
