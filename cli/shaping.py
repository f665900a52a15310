"""What people type on one line, made into the members that a command has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cli.codes import coded
from cli.settings import Usage, read_text
from cli.speech import _

Fields = dict[str, Any]
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def shaped(kind: str, fields: Fields) -> Fields:
    """Give the members of a command of this kind, of what was typed for them."""
    shape = SHAPES.get(kind)
    told = coded(kind, fields)
    return shape(told) if shape else told


def _engagement(fields: Fields) -> Fields:
    """Make ``WHO:PHASE=LEVEL`` a level, and ``PHASE=TITLE`` a phase of the project."""
    made = dict(fields)
    if "levels" in made:
        made["levels"] = _levels(made["levels"])
    if "phases" in made:
        form = _("PHASE=TITLE")
        made["phases"] = dict(_two(each, form) for each in made["phases"])
    return made


def _levels(told: Iterable[str]) -> dict[str, dict[str, str | None]]:
    levels: dict[str, dict[str, str | None]] = {}
    form = _("WHO:PHASE=LEVEL")
    for each in told:
        where, level = _two(each, form)
        who, colon, phase = where.rpartition(":")
        if not colon or not who:
            raise _unlike(each, form)
        levels.setdefault(who, {})[phase] = None if level == "-" else level
    return levels


_COUNTED: Final = ("in_favour", "against", "abstained", "entitled", "valid")
_TAKEN: Final = ("percent", "share", "count", "of", "more_than")


def _gate(fields: Fields) -> Fields:
    """Gather what was counted, and what another gate than the method's takes."""
    made = {n: v for n, v in fields.items() if n not in {*_COUNTED, *_TAKEN}}
    counts = {name: fields[name] for name in _COUNTED if name in fields}
    if "in_favour" not in counts:
        raise Usage(_("Say with --in-favour how many are in favour, or signed."))
    takes = {name: fields[name] for name in _TAKEN if name in fields}
    if takes and len(takes.keys() & {"percent", "share", "count"}) != 1:
        raise Usage(_("Give one of --percent, --share and --count, not more."))
    made["counts"] = counts
    return {**made, "threshold": takes} if takes else made


def _scores(fields: Fields) -> Fields:
    """Make ``ELEMENT=NUMBER`` a score."""
    if "scores" not in fields:
        return fields
    pairs = [_two(each, "ELEMENT=NUMBER") for each in fields["scores"]]
    for name, score in pairs:
        if not (score.isascii() and score.isdecimal()):
            raise _unlike(f"{name}={score}", "ELEMENT=NUMBER")
    return {**fields, "scores": {name: int(score) for name, score in pairs}}


def _changes(fields: Fields) -> Fields:
    """Read the file of changes, and the reason in it where none was given."""
    from desk.changes import reason_in

    name = str(fields["changes"]).removeprefix("@")
    text = read_text(name)
    why = reason_in(text)
    return {**({"reason": why} if why else {}), **fields, "changes": (name, text)}


def _migration(fields: Fields) -> Fields:
    """Make ``OLD=NEW`` of a part or a role what it becomes."""
    made = dict(fields)
    if "mapping" in made:
        pairs = (_two(each, "OLD=NEW") for each in made["mapping"])
        made["mapping"] = {old: None if new == "-" else new for old, new in pairs}
    if "roles" in made:
        made["roles"] = dict(_two(each, "OLD=NEW") for each in made["roles"])
    return made


def _report(fields: Fields) -> Fields:
    """Take the SHA-256 of a file where one was named instead."""
    told = str(fields["sha256"])
    if _SHA256.fullmatch(told):
        return fields
    try:
        made = sha256(Path(told).read_bytes()).hexdigest()
    except OSError:
        text = _(
            "There is no file {name}, and it is no SHA-256 either: 64 hexadecimal"
            " digits."
        )
        raise Usage(text.format(name=told)) from None
    return {**fields, "sha256": made}


def _answer(fields: Fields) -> Fields:
    """See that an answer is for a group, or for responses of a window."""
    singly = fields.keys() & {"window", "numbers"}
    if ("group" in fields) == bool(singly) or len(singly) == 1:
        raise Usage(
            _("Name a window and --numbers, or in their place a group with --group.")
        )
    return fields


def _two(text: str, form: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (sign and name and value):
        raise _unlike(text, form)
    return name, value


def _unlike(text: str, form: str) -> Usage:
    return Usage(_("{text} is not of the form {form}.").format(text=text, form=form))


SHAPES: Final[Mapping[str, Callable[[Fields], Fields]]] = {
    "answer_response": _answer,
    "plan_engagement": _engagement,
    "amend_plan": _changes,
    "migrate_method": _migration,
    "publish_report": _report,
    "record_gate": _gate,
    "record_self_assessment": _scores,
    "record_evaluation": _scores,
}
"""Commands of which a line on the terminal says more than a text or a number."""
