"""A log says itself which key signs for it from now on, in `polder:log`."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import StringConstraints

from domain.facts import Fact

KEY_CHANGED: Final = "log_key_changed"

VerifierKey = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""As published: `<key name>+<key id in hex>+<base64(0x01 ‖ public key)>`."""


class LogKeyChanged(Fact):
    """The log's checkpoints are signed by ``new`` from now on, no longer by ``old``."""

    old: VerifierKey
    new: VerifierKey
