"""Whatever comes to a dialogue, in whatever order, the invariants hold.

``HYPOTHESIS_PROFILE=long`` looks for minutes instead of seconds.
"""

from __future__ import annotations

import os

from hypothesis import settings

from tests.domain.machine import DialogueMachine

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"

TestDialogue = DialogueMachine.TestCase
TestDialogue.settings = settings(
    max_examples=3000 if LONG else 80,
    stateful_step_count=100 if LONG else 30,
)
