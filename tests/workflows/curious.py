"""Workflows that ask for what none may have, or send something there and back."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from temporalio import activity, workflow
from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

FORBIDDEN: Final[dict[str, Callable[[], object]]] = {
    "a file": lambda: open("/dev/null"),  # noqa: PTH123, SIM115
    "a moment": lambda: datetime.now(),  # noqa: DTZ005, PLW0108
    "a path": lambda: Path("/dev/null").read_text(encoding="utf-8"),
    "an id": lambda: uuid.uuid4(),  # noqa: PLW0108
    "chance": lambda: random.random(),  # noqa: PLW0108
    "the time": lambda: time.time(),  # noqa: PLW0108
}
"""Asked for within a workflow, where the sandbox has put its own in their place."""


@workflow.defn
class Curious:
    """Asks for one thing, and tells whether the sandbox refused it."""

    @workflow.run
    async def run(self, what: str) -> bool:
        """Ask."""
        try:
            FORBIDDEN[what]()
        except RestrictedWorkflowAccessError:
            return True
        return False


@activity.defn
async def echoed(said: dict[str, Any]) -> dict[str, Any]:
    """Give what came in, one deeper."""
    return {"said": said}


@workflow.defn
class ThereAndBack:
    """Has something echoed twice, and ends with it."""

    @workflow.run
    async def run(self, said: dict[str, Any]) -> dict[str, Any]:
        """Send it there and back."""
        for _ in range(2):
            said = await workflow.execute_activity(
                echoed, said, start_to_close_timeout=timedelta(seconds=20)
            )
        return said
