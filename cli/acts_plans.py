"""The short forms that change the plan, and those that run it in tracks."""

from __future__ import annotations

from typing import Final

from cli.act import Act, act
from cli.words import MAY_REASON, REASON, Word
from language import mark

TRACK: Final = Word("track", mark("The track: an id of your choice, such as noord."))

PREVIEWED: Final = frozenset({"amend_plan", "migrate_method", "open_track"})
"""Commands that can be asked with --dry-run what they would do."""

PLANNING: Final[tuple[Act, ...]] = (
    act(
        "amend-plan",
        "amend_plan",
        mark("Change the plan by a file of changes; what was done stays."),
        Word(
            "changes",
            mark("YAML file with the changes; see docs/plans.md. @- is stdin."),
            option="--file",
        ),
        REASON,
        example='--file wijziging.yaml --reason "De raad wil een extra avond"',
    ),
    act(
        "migrate-method",
        "migrate_method",
        mark("Go over to another method, or another version of it, with a reason."),
        Word("method", mark("Which method, or id@hash for one version of it.")),
        Word(
            "mapping",
            mark(
                "What a step, item or window becomes there: OLD=NEW, or OLD=- where it "
                "stays behind."
            ),
            many=True,
            required=False,
            option="--map",
        ),
        Word(
            "roles",
            mark("What a role becomes there: OLD=NEW."),
            many=True,
            required=False,
            option="--role",
        ),
        Word(
            "amendments",
            mark(
                "Earlier changes of the plan: carry, as far as their part is there "
                "(the default), or lapse."
            ),
            required=False,
            option="--amendments",
        ),
        REASON,
        example='onze-aanpak --map oogst=verslag --reason "Nieuwe versie"',
    ),
    act(
        "open-track",
        "open_track",
        mark("Run steps of the plan once more, beside the others, in a track."),
        TRACK,
        Word(
            "steps",
            mark("The steps that run in the track: ids, or numbers."),
            kind="step",
            many=True,
        ),
        Word("title", mark("Public title of the track."), option="--title"),
        Word(
            "joins",
            mark("A step that waits for the track; default: what builds on its steps."),
            kind="step",
            many=True,
            required=False,
            option="--joins",
        ),
        Word(
            "instead",
            mark("Leave the steps themselves out: they run in tracks only."),
            kind="flag",
            required=False,
            option="--instead",
        ),
        MAY_REASON,
        example='noord 4 5 6 --title "Noord"',
    ),
    act(
        "close-track",
        "close_track",
        mark("Close a track that is complete, or stop one with a reason."),
        TRACK,
        MAY_REASON,
        example='noord --reason "De wijk doet niet mee"',
    ),
)
"""The short forms about the plan."""
