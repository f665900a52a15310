"""Why events don't arrive, as `activities` words it, in the reader's language.

What comes from a server or the network itself stays as it is.
"""

from __future__ import annotations

from typing import Final

from language import mark, translator

BY_HAND: Final = mark("disabled by hand")
"""The problem of a subscription that somebody put out themselves."""

DELIVERY_WHOLE: Final = (
    BY_HAND,
    mark("the port is no port"),
    mark("use https://host/path or http://host/path"),
    mark("a URL with a user or password in it is not taken"),
    mark("a URL with a fragment (#…) is not taken"),
    mark(
        "use https:// (http:// is for a private network that "
        "POLDER_ALLOW_PRIVATE_TARGETS allows)"
    ),
)
DELIVERY_PATTERNS: Final = (
    mark("the subscriber answered {status}: it wants no more"),
    mark("the subscriber answered {status}"),
    mark(
        "it does not allow events from {origin}: its answer to OPTIONS ({status}) has "
        "no WebHook-Allowed-Origin that says so"
    ),
    mark("{host} can't be reached: {why}"),
    mark("{host} did not answer within {seconds} s"),
    mark(
        "{address} is in a private network; POLDER_ALLOW_PRIVATE_TARGETS can allow it"
    ),
    mark("it is longer than {most} characters"),
)


def why(problem: str, lang: str) -> str:
    """Say why it does not work in a language; a reason within it too."""
    from desk.saying import fits  # noqa: PLC0415  (which tells these as facts too)

    _ = translator(lang)
    if problem in DELIVERY_WHOLE:
        return _(problem)
    for pattern in DELIVERY_PATTERNS:
        found = fits(pattern, problem)
        if found is not None:
            facts = {n: why(t, lang) if n == "why" else t for n, t in found.items()}
            return _(pattern).format(**facts)
    return problem
