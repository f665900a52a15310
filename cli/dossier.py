"""What is on file beside the steps: gates, corrections, facts, and reflection."""

from __future__ import annotations

from typing import Any

from cli.frame import command
from cli.options import As, PrivateByRight, Stream
from cli.page import Result
from cli.settings import Call, sender
from cli.speech import lang
from language import mark

_DEMO = "gemeente-waterdam:parkzicht"


@command(
    "dialogue",
    "gates",
    mark("Show what each gate takes, how it stands, and how it was held."),
    f"polder dialogue gates {_DEMO}",
)
async def show_gates(
    call: Call, stream: Stream, *, private: PrivateByRight = False, as_: As = None
) -> Result:
    """Show the gates of a dialogue."""
    from cli.showing_dossier import gates_page
    from desk.dossier import gates
    from desk.overview import overview

    async with call.desk() as desk:
        view = await overview(desk, stream, lang())
        found = await gates(desk, stream, lang(), sender(as_) if private else None)
    data: dict[str, Any] = {"gates": [gate.document for gate in found]}
    return Result(data, lambda page: gates_page(page, view, found))


@command(
    "dialogue",
    "corrections",
    mark("Show what was corrected: the value of before beside the one of now."),
    f"polder dialogue corrections {_DEMO}",
)
async def show_corrections(
    call: Call, stream: Stream, *, private: PrivateByRight = False, as_: As = None
) -> Result:
    """Show the corrections in a dialogue."""
    from cli.showing_dossier import corrections_page
    from desk.dossier import corrections
    from desk.overview import overview

    async with call.desk() as desk:
        view = await overview(desk, stream, lang())
        found = await corrections(desk, stream, sender(as_) if private else None)
    data = {"corrections": [each._asdict() for each in found]}
    return Result(data, lambda page: corrections_page(page, view, found))


@command(
    "dialogue",
    "facts",
    mark("Show what was noted afterwards: when it was, says who, known since when."),
    f"polder dialogue facts {_DEMO}",
)
async def show_facts(call: Call, stream: Stream) -> Result:
    """Show facts by type, those that contradict each other side by side."""
    from cli.showing_dossier import facts_page
    from desk.dossier import facts
    from desk.overview import overview

    async with call.desk() as desk:
        view = await overview(desk, stream, lang())
        found = await facts(desk, stream)
    data = {
        "facts": [
            {**fact._asdict(), "contradicted": topic.contradicted}
            for topic in found
            for fact in topic.facts
        ]
    }
    return Result(data, lambda page: facts_page(page, view, found))


@command(
    "dialogue",
    "reflection",
    mark("Compare how we think we do with what the stakeholders say of it."),
    f"polder dialogue reflection {_DEMO}",
    f"polder dialogue reflection {_DEMO} --private --as p-1",
)
async def show_reflection(
    call: Call, stream: Stream, *, private: PrivateByRight = False, as_: As = None
) -> Result:
    """Compare self-assessments with each other and with the evaluations."""
    from cli.showing_reflection import reflection_page
    from desk.overview import overview
    from desk.reflecting import reflected

    async with call.desk() as desk:
        view = await overview(desk, stream, lang())
        reader = sender(as_) if private else None
        found = await reflected(desk, stream, lang(), reader)
    return Result(found.document, lambda page: reflection_page(page, view, found))
