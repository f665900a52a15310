"""A worker's part in one notice, as a process of its own that can be killed.

python -m tests.activities.one_notice DATABASE_URL SMTP_URL NOTICE
"""

from __future__ import annotations

import asyncio
import sys

from temporalio.testing import ActivityEnvironment

from activities.contracts import Notice
from activities.notify import Messenger
from storage.keys import Keys, beside
from storage.pool import make_pool
from tests.activities.notices import settings


async def main(url: str, smtp: str, notice: str) -> None:
    """Carry out the notice."""
    async with make_pool(url) as pool, Keys(beside(url)) as keys:
        messenger = Messenger(pool, keys, settings(smtp))
        given = Notice.model_validate_json(notice)
        await ActivityEnvironment().run(messenger.notify, given)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
