"""`polder --server URL --token …`: the same commands, asked of a Polder over HTTP.

What can be asked so has a second function here, with the same arguments and the same
answer. Of the rest some touch no home; the others say that they need one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from typing import Any, Final

from cli.frame import Spec
from cli.page import Result
from cli.settings import Call, Usage
from cli.speech import _

Run = Callable[..., Awaitable[Result | int]]

_READING: Final = "cli.remote_reading"
_ACTING: Final = "cli.remote_acting"
_PLACES: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("", "today"): (_READING, "today"),
    ("dialogue", "list"): (_READING, "list_dialogues"),
    ("dialogue", "show"): (_READING, "show"),
    ("dialogue", "history"): (_READING, "history"),
    ("dialogue", "watch"): (_READING, "watch"),
    ("dialogue", "preview-revisit"): (_READING, "preview"),
    ("method", "list"): (_READING, "list_methods"),
    ("method", "show"): (_READING, "show_method"),
    ("audit", "checkpoint"): (_READING, "checkpoint"),
    ("audit", "pack"): (_READING, "pack"),
    ("dialogue", "start"): (_ACTING, "start"),
    ("dialogue", "send"): (_ACTING, "send"),
}
_TOUCHES_NO_HOME: Final = frozenset(
    {
        ("", "demo"),
        ("", "up"),
        ("", "version"),
        ("case", "list"),
        ("events", "listen"),
        ("method", "schema"),
        ("method", "validate"),
    }
)


def carried_out_by(spec: Spec, call: Call, given: Mapping[str, Any]) -> Run:
    """Give what carries a command out: here, or at the server that was named.

    Raises `Usage` for a command that needs a home where a server was named.
    """
    place = (spec.group, spec.name)
    if call.remote is None or place in _TOUCHES_NO_HOME:
        return spec.run
    if place == ("audit", "verify") and given.get("pack"):
        return spec.run  # a pack is checked without any server
    if place in _PLACES:
        module, name = _PLACES[place]
        return getattr(import_module(module), name)
    if spec.group == "dialogue":
        acted = import_module(_ACTING).run_of(spec.name)
        if acted is not None:
            return acted
    raise Usage(
        _(
            "polder {words} needs a home: it can't be asked over HTTP. Run it where "
            "polder up runs, without --server and POLDER_SERVER."
        ).format(words=" ".join([*spec.group.split(), spec.name]))
    )


def role_of(as_: str | None) -> str | None:
    """Give the role that ``--as /ROLE`` names: who acts is what the token says.

    Raises `Usage` where somebody is named.
    """
    actor, _slash, role = (as_ or "").partition("/")
    if actor:
        text = _(
            "Over HTTP the token says who acts. Leave --as out, or give --as /ROLE."
        )
        raise Usage(text)
    return role or None


def not_over_http(**options: Any) -> None:  # noqa: ANN401  (of any type; given or not)
    """Raise `Usage` for the first option that was given: it works in a home only."""
    for name, value in options.items():
        if value:
            option = "--" + name.replace("_", "-")
            text = _("{option} needs a home: it can't be asked over HTTP.")
            raise Usage(text.format(option=option))
