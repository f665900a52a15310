"""What the reader of YAML can't make sense of, in the language of who wrote it.

libyaml says it in English, in sentences of its own that are the keys here.
"""

from __future__ import annotations

from typing import Final

from language import mark
from language.speaking import _

PREFIX: Final = "this is not YAML: "
SENTENCES: Final = (
    mark("mapping values are not allowed in this context"),
    mark("mapping keys are not allowed in this context"),
    mark("block sequence entries are not allowed in this context"),
    mark("could not find expected ':'"),
    mark("did not find expected key"),
    mark("did not find expected '-' indicator"),
    mark("did not find expected ',' or ']'"),
    mark("did not find expected ',' or closing brace"),
    mark("did not find expected node content"),
    mark("did not find expected <document start>"),
    mark("did not find expected <stream-start>"),
    mark("did not find expected comment or line break"),
    mark("did not find expected whitespace or line break"),
    mark("did not find expected alphabetic or numeric character"),
    mark("found character that cannot start any token"),
    mark("found unknown escape character"),
    mark("found unexpected end of stream"),
    mark("found unexpected document indicator"),
    mark("found a tab character that violates indentation"),
    mark("found a tab character where an indentation space is expected"),
    mark("found an indentation indicator equal to 0"),
    mark("found unknown directive name"),
    mark("found undefined tag handle"),
    mark("did not find the expected ' ' or line break"),
    mark("exceeded maximum nesting depth"),
    mark("control characters are not allowed"),
)
"""Those that a text can lead to; any other stands as it is."""


def not_yaml(message: str) -> str | None:
    """Say a whole message about YAML; None for one that is about something else."""
    if not message.startswith(PREFIX):
        return None
    # A brace in a key would be taken for the place of a fact.
    what = message.removeprefix(PREFIX)
    key = what.replace("'}'", "closing brace")
    told = _(key) if key in SENTENCES else what
    return _("this is not YAML: {what}").format(what=told)
