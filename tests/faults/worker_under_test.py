"""Polder's own worker, as a process that kills itself at a named point.

It is put together by `workers.dialogues`, from a client whose interceptors lie in
wait and a messenger that does. A file in the directory of traps arms a point; it is
taken away before the blow, so each strikes once.

    python -m tests.faults.worker_under_test ORDERS

Points: `handler` (in an update handler, before it did anything), `task` (the update
is applied, and the workflow task not complete), `before append`, `after append`
(committed, and not reported), `noting` (the mail server has the letter, and it is not
noted), `before notify`, `after notify`.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.client import Interceptor as ClientInterceptor
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    HandleUpdateInput,
    Interceptor,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from activities.contracts import APPEND
from activities.notify import Messenger
from activities.smtp import MailSettings
from storage.delivery import Note
from storage.keys import Keys, beside
from storage.pool import Pool, make_pool
from tests.faults.planting import PLANTS
from workers.dialogues import make_worker
from workers.mail import mail_settings

READY = "worker ready"


class Orders(BaseModel):
    """Where a worker works, what it may use up, and what is wrong with it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: str
    temporal: str
    namespace: str
    smtp: str
    traps: Path
    seconds: dict[str, float] = {}
    """Spans to put in the place of the named ones, as `module.NAME`, in seconds."""
    counts: dict[str, int] = {}
    """Numbers to put in the place of the named ones, as `module.NAME`."""
    planted: Sequence[str] = ()


class Traps:
    """Points at which this process dies, armed by files in a directory."""

    def __init__(self, directory: Path) -> None:
        """Look in ``directory``."""
        self._directory = str(directory)

    def spring(self, point: str) -> None:
        """Die here if it is time; `os` and no `open`, for the workflow's sandbox."""
        armed = sorted(n for n in os.listdir(self._directory) if _point(n) == point)  # noqa: PTH208
        if not armed:
            return
        os.unlink(f"{self._directory}/{armed[0]}")  # noqa: PTH108
        if len(armed) == 1:
            os.kill(os.getpid(), signal.SIGKILL)


def _point(name: str) -> str:
    return name.rsplit(".", 1)[0]


def arm(directory: Path, point: str, nth: int = 1) -> None:
    """Arm a point: whoever comes there for the ``nth`` time dies."""
    for number in range(nth, 0, -1):
        (directory / f"{point}.{number:03}").touch()


class LyingInWait(ClientInterceptor, Interceptor):
    """Traps in workflows and activities."""

    def __init__(self, traps: Traps) -> None:
        """Set these."""
        self._traps = traps

    def intercept_activity(
        self,
        next: ActivityInboundInterceptor,  # noqa: A002  (the SDK's name)
    ) -> ActivityInboundInterceptor:
        """Lie in wait before and after each activity."""
        return _InActivities(next, self._traps)

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002
    ) -> type[WorkflowInboundInterceptor]:
        """Lie in wait in each workflow."""

        class InWorkflow(_InWorkflows):
            traps = self._traps

        return InWorkflow


class _InActivities(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, traps: Traps) -> None:  # noqa: A002
        super().__init__(next)
        self._traps = traps

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401
        name = activity.info().activity_type
        self._traps.spring(f"before {name}")
        result = await super().execute_activity(input)
        self._traps.spring(f"after {name}")
        return result


class _InWorkflows(WorkflowInboundInterceptor):
    traps: Traps

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_OutOfWorkflows(outbound, self.traps))

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:  # noqa: A002, ANN401
        if not workflow.unsafe.is_replaying():
            self.traps.spring("handler")
        return await super().handle_update_handler(input)


class _OutOfWorkflows(WorkflowOutboundInterceptor):
    def __init__(self, next: WorkflowOutboundInterceptor, traps: Traps) -> None:  # noqa: A002
        super().__init__(next)
        self._traps = traps

    def start_activity(
        self,
        input: StartActivityInput,  # noqa: A002
    ) -> workflow.ActivityHandle[Any]:
        # The recorder asks for this in the very task that applied an update.
        if input.activity == APPEND and not workflow.unsafe.is_replaying():
            self._traps.spring("task")
        return super().start_activity(input)


class DyingMessenger(Messenger):
    """A messenger that can die between the mail server's "taken" and its note."""

    def __init__(
        self, pool: Pool, keys: Keys, settings: MailSettings, traps: Traps
    ) -> None:
        """Send as ``settings`` say."""
        super().__init__(pool, keys, settings)
        self._traps = traps

    async def _note(self, note: Note) -> None:
        self._traps.spring("noting")
        await super()._note(note)


def put_in_place(orders: Orders) -> None:
    """Change the named constants and plant the named faults, in this process."""
    spans = {n: timedelta(seconds=each) for n, each in orders.seconds.items()}
    for name, value in {**spans, **orders.counts}.items():
        module, _, constant = name.rpartition(".")
        place = importlib.import_module(module)
        assert hasattr(place, constant), name
        setattr(place, constant, value)
    for fault in orders.planted:
        PLANTS[fault]()


async def main(orders: Orders) -> None:
    """Work until killed."""
    put_in_place(orders)
    traps = Traps(orders.traps)
    client = await Client.connect(
        orders.temporal,
        namespace=orders.namespace,
        data_converter=pydantic_data_converter,
        interceptors=[LyingInWait(traps)],
    )
    where = beside(orders.database)
    async with make_pool(orders.database) as pool, Keys(where) as keys:
        settings = mail_settings({"SMTP_URL": orders.smtp})
        messenger = DyingMessenger(pool, keys, settings, traps)
        async with make_worker(client, pool, messenger):
            print(READY, flush=True)  # noqa: T201  (what the test waits for)
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Orders.model_validate_json(sys.argv[1])))
