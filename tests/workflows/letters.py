"""A messenger that keeps what it is asked to send, and fails where a test says so."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contracts import NOTIFY, Notice, Sent


class Letters:
    """Keeps notices by dialogue. What it does with them is set by dialogue."""

    def __init__(self) -> None:
        """Everything is sent at once."""
        self.sent: dict[str, list[Notice]] = defaultdict(list)
        self.asked: dict[str, int] = defaultdict(int)
        self.failing: dict[str, set[str]] = defaultdict(set)
        self.held: set[str] = set()
        self.at_once: dict[str, int] = defaultdict(int)
        self.most_at_once: dict[str, int] = defaultdict(int)

    @activity.defn(name=NOTIFY)
    async def notify(self, notice: Notice) -> Sent:
        """Note the notice as sent to all, unless the test wants something else."""
        stream = notice.stream
        self.asked[stream] += 1
        self.at_once[stream] += 1
        most = max(self.most_at_once[stream], self.at_once[stream])
        self.most_at_once[stream] = most
        try:
            while stream in self.held:
                # The first heartbeat that goes out brings news of a cancellation.
                activity.heartbeat()
                await asyncio.sleep(0.05)
            if notice.notice in self.failing[stream]:
                # Told apart by its type; a person retries it, not Temporal.
                raise ApplicationError(
                    "the mail server puts off", type="MailPutOff", non_retryable=True
                )
            self.sent[stream].append(notice)
            return Sent(sent=notice.recipients, undeliverable=())
        finally:
            self.at_once[stream] -= 1

    def told(self, stream: str) -> list[str]:
        """Give what kinds of messages went out, in order."""
        return [notice.notice for notice in self.sent[stream]]
