"""A town with something to see on every page: dialogues in each of their states.

The one that most pages are about is that of ``wijkwarmteplannen`` in Nijmegen, with
people and words of our own: a draft goes round a district, is retracted because what it
was built on changed, and goes round again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from desk.desk import Desk, Sender

ORGANISATION: Final = "gemeente-waterdam"
RICH: Final = f"{ORGANISATION}:warmteplan-zwanenveld"
WINDOW: Final = "duiden.klopt-de-duiding"
DIRECTOR: Final = Sender("p-1", "process_director")

_PEOPLE: Final = (
    ("nm-college", "client", "Pim Rutgers", "pim"),
    ("nm-inhoud", "content_lead", "Dewi Santoso", "dewi"),
    ("nm-proces", "process_lead", "Klaas Bouwmeester", "klaas"),
    ("nm-bewoner-1", "participants", "Riet Hendriks", "riet"),
    ("nm-bewoner-2", "participants", "Samir Haddad", "samir"),
    ("nm-corporatie", "participants", "Elske Janssen", "elske"),
)
_FIRST: Final = (
    ("nm-bewoner-1", "Per telefoon: ik wil weten wat het mij per maand kost."),
    ("nm-corporatie", "Onze flats kunnen mee als het net er op tijd ligt."),
    ("nm-bewoner-2", "Een warmtepomp past niet in mijn flat."),
)
_SECOND: Final = (
    ("nm-bewoner-2", "Nu snap ik het plan. Kies voor onze flat samen met ons."),
    ("nm-bewoner-1", "Dank voor de bedragen per maand.\n\nEn wat kost het daarna?"),
    ("nm-corporatie", "Wij plannen onze renovaties nu per flat."),
)


@dataclass
class Stage:
    """Does what people do, one after another.

    ``mark`` ends the names of dialogues: so that one town is set up beside another.
    """

    desk: Desk
    organisation: str = ORGANISATION
    mark: str = ""
    facts: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def rich(self) -> str:
        """The dialogue that most pages are about."""
        return f"{self.organisation}:warmteplan-zwanenveld{self.mark}"

    @property
    def young(self) -> str:
        """One in which nothing happened yet."""
        return f"{self.organisation}:groen-parkzicht{self.mark}"

    @property
    def ended(self) -> str:
        """One that was cancelled."""
        return f"{self.organisation}:fietsbrug-oost{self.mark}"

    async def does(
        self,
        stream: str,
        kind: str,
        by: str = "p-1",
        /,
        **body: Any,  # noqa: ANN401 (members of any command)
    ) -> int:
        """Have somebody do something in a role that they hold; give the version."""
        sender = DIRECTOR if by == "p-1" else Sender(by)
        answer = await self.desk.send(stream, kind, body, sender)
        assert answer is not None
        self.facts |= {each["type"]: str(each["seq"]) for each in answer.events}
        return answer.version

    async def set_up(self) -> Mapping[str, str]:
        """Set it all up; give what stands in addresses, by name."""
        await self.start(self.young, "Groen in Parkzicht", "stakeholderdialoog")
        await self.start(self.ended, "Fietsbrug Oost", "belangen-op-tafel")
        await self.does(self.ended, "cancel_dialogue", reason="De brug komt er niet.")
        await self.start(
            self.rich,
            "Wijkwarmteplan Zwanenveld",
            "participatie-tien-stappen",
            "Hoe verwarmen wij de huizen in Zwanenveld zonder aardgas?",
        )
        await self._first_round()
        await self._around_it()
        await self._second_round()
        self.facts |= {
            "dialogue": self.rich,
            "young": self.young,
            "ended": self.ended,
            "window": WINDOW,
            "step": "duiden",
            "number": "2",
            "method": "participatie-tien-stappen",
            "stakeholder": "bewoners",
            "interest": "b-1",
            "meeting": "wijkavond",
            "agreement": "bedragen",
            "report": "concept-1",
            "seq": self.facts["step_revisited"],
        }
        return self.facts

    async def start(
        self, stream: str, title: str, method: str, question: str | None = None
    ) -> None:
        """Start a dialogue that ``p-1`` directs."""
        body: dict[str, Any] = {
            "method": method,
            "title": title,
            "question": question or f"Wat doen wij met {title.lower()}?",
            "language": "nl",
            "roles": {"process_director": ["p-1"]},
        }
        await self.desk.start(stream, body, DIRECTOR)

    async def _first_round(self) -> None:
        for who, role, name, mail in _PEOPLE:
            told = {"name": name, "address": f"{mail}@example.org"}
            await self.does(self.rich, "assign_role", actor=who, role=role, **told)
        done = ("goedkeuring.raming", "goedkeuring.genoeg-tijd")
        await self.does(self.rich, "complete_items", items=[*done])
        await self.does(
            self.rich, "complete_items", "nm-college", items=["goedkeuring.akkoord"]
        )
        await self.does(self.rich, "complete_step", step="goedkeuring")
        parts = ("inhoud", "proces", "rolverdeling")
        await self.does(
            self.rich, "complete_items", items=[f"organisatie.{each}" for each in parts]
        )
        await self.does(self.rich, "complete_step", step="organisatie")
        note = "Wij hebben de wijkraad verteld wat er komt."
        await self.does(self.rich, "complete_step", step="stap-3", note=note)
        reason = "In deze wijk is hier niets extra nodig."
        await self.does(self.rich, "skip_step", step="stap-4", reason=reason)
        await self._conversations()
        time = ["duiden.tijd-voor-duiding"]
        await self.does(self.rich, "complete_items", "nm-proces", items=time)
        await self._draft(_FIRST)
        reason = "Wie wilde reageren, heeft dat gedaan."
        await self.does(self.rich, "close_window", window=WINDOW, reason=reason)
        await self.does(self.rich, "complete_step", step="duiden")

    async def _conversations(self) -> None:
        content = ("participatievraag", "praatstuk")
        process = ("uitgenodigd", "werkvorm", "taakverdeling", "programma")
        for by, parts in (("nm-inhoud", content), ("nm-proces", process)):
            items = [f"gesprekken.{each}" for each in parts]
            await self.does(self.rich, "complete_items", by, items=items)
        await self.does(self.rich, "complete_step", step="gesprekken")

    async def _draft(self, responses: tuple[tuple[str, str], ...]) -> None:
        content = ["duiden.resultaten", "duiden.vraag-beantwoord"]
        await self.does(self.rich, "complete_items", "nm-inhoud", items=content)
        back = ["duiden.terugkoppeling"]
        await self.does(self.rich, "complete_items", "nm-proces", items=back)
        await self.does(self.rich, "open_window", window=WINDOW)
        for who, words in responses:
            body = {"window": WINDOW, "respondent": who, "response": words}
            await self.does(self.rich, "record_response", **body)

    async def _around_it(self) -> None:
        """Have people, interests, a meeting, an agreement and a report beside it."""
        told = (
            ("bewoners", 3, 1, "Bewoners van de flats"),
            ("corporatie", 3, 3, "Woningcorporatie"),
            ("winkels", 1, 1, "Winkels aan het plein"),
            ("netbeheer", 0, 3, "Netbeheerder"),
        )
        for who, impact, influence, name in told:
            body = {"impact": impact, "influence": influence, "name": name}
            await self.does(self.rich, "register_stakeholder", stakeholder=who, **body)
        wanted = (
            ("b-1", "bewoners", "Dat de maandlasten niet stijgen."),
            ("b-2", "corporatie", "Eén keer werk in elke flat, en niet twee keer."),
            ("b-3", "netbeheer", "Dat de straat één keer open gaat."),
        )
        for name, who, text in wanted:
            body = {"interest": name, "stakeholder": who, "text": text}
            await self.does(self.rich, "record_interest", priority=2, **body)
        for one, other, kind in (("b-1", "b-2", "tension"), ("b-2", "b-3", "synergy")):
            await self.does(
                self.rich, "relate_interests", one=one, other=other, kind=kind
            )
        begins = datetime.now(UTC).replace(microsecond=0) + timedelta(days=9)
        await self.does(
            self.rich,
            "schedule_meeting",
            meeting="wijkavond",
            title="Wijkavond over het concept",
            begins=begins.isoformat(),
            ends=(begins + timedelta(hours=2)).isoformat(),
            place="Buurthuis de Kolk",
        )
        await self.does(
            self.rich,
            "make_agreement",
            agreement="bedragen",
            what="Bedragen per maand bij het plan zetten",
            who="nm-inhoud",
            duration={"calendar_days": 20},
        )
        await self.does(
            self.rich,
            "publish_report",
            report="concept-1",
            status="draft",
            title="Concept van het wijkwarmteplan",
            reference="zaak/2026-118/concept-1",
            sha256="5a" * 32,
        )

    async def _second_round(self) -> None:
        reason = "De aanbesteding van het warmtenet gaat niet door."
        await self.does(self.rich, "revisit_step", step="duiden", reason=reason)
        await self._draft(_SECOND)
        reason = "In het tweede concept staan bedragen per maand."
        answer = {"numbers": "1-3", "outcome": "partly", "reason": reason}
        await self.does(self.rich, "answer_response", window=WINDOW, **answer)
        answer = {"numbers": "4", "outcome": "adopted", "reason": "Dat doen wij."}
        await self.does(self.rich, "answer_response", window=WINDOW, **answer)


async def staged(desk: Desk) -> Mapping[str, str]:
    """Set up the town; give what stands in addresses, by name."""
    return await Stage(desk).set_up()
