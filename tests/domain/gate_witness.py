"""A witness of gates: it counts with fractions, where the core multiplies crosswise."""

from __future__ import annotations

from fractions import Fraction

from domain.correction_facts import FactCorrected
from domain.events import Event, StepCompleted, StepRevisited, StepSkipped, StepVoided
from domain.gates_facts import GateFailed, GatePassed
from domain.thresholds import Counts, Threshold


class GateWitness:
    """What came of each gate, by its step."""

    def __init__(self) -> None:
        self._last: dict[str, dict[str, tuple[int, Threshold, Counts, bool]]] = {}

    def sees(self, event: Event) -> None:
        """Check what was recorded of a gate, and that no step passes a closed one."""
        match event.data:
            case GatePassed() | GateFailed() as data:
                passed = isinstance(data, GatePassed)
                enough = _enough(data.threshold, data.counts)
                assert passed == enough, "a gate is what was counted"
                before = self._last.setdefault(data.step, {}).get(data.gate)
                if before is not None:
                    _, threshold, counts, stood = before
                    lost = not stood or _enough(threshold, counts) != stood
                    assert lost, "a gate passes once"
                    assert data.threshold == threshold, "what a gate takes is settled"
                held = (event.seq, data.threshold, data.counts, passed)
                self._last[data.step][data.gate] = held
            case FactCorrected() as data:
                self._correct(data)
            case StepRevisited(step=step) | StepVoided(step=step):
                self._last.pop(step, None)
            case StepCompleted(step=step) | StepSkipped(step=step):
                for _, threshold, counts, passed in self._last.get(step, {}).values():
                    open_ = passed and _enough(threshold, counts)
                    assert open_, "a step does not pass a closed gate"
            case _:
                pass

    def _correct(self, data: FactCorrected) -> None:
        _slash, head, *rest = data.pointer.split("/")
        for gates in self._last.values():
            for name, (seq, threshold, counts, passed) in gates.items():
                if seq == data.seq and head == "counts":
                    new = counts.model_copy(update={rest[0]: data.value})
                    gates[name] = (seq, threshold, new, passed)


def _enough(threshold: Threshold, counts: Counts) -> bool:
    yes = counts.in_favour if counts.valid is None else counts.valid
    if threshold.count is not None:
        return yes > threshold.count if threshold.more_than else yes >= threshold.count
    whole = {
        "entitled": counts.entitled,
        "cast": yes + (counts.against or 0) + (counts.abstained or 0),
        "for_and_against": yes + (counts.against or 0),
    }[threshold.of]
    if not whole:
        return False
    asked = Fraction(threshold.share or f"{threshold.percent}/100")
    have = Fraction(yes, whole)
    return have > asked if threshold.more_than else have >= asked
