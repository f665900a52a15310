"""Each method holds what its source says, no less, and marks what is ours."""

from __future__ import annotations

import pytest

from domain.method import Item, Method, Step
from methods.load import LoadedMethod, shipped


def method(name: str) -> Method:
    """A method that Polder ships."""
    return shipped()[name].method


def step(name: str, of: str) -> Step:
    """A step of a method that Polder ships."""
    return method(of).steps[name]


def items(name: str, of: str) -> dict[str, Item]:
    """The items of a step by their short id."""
    return {item.id: item for item in step(name, of).items}


def every(loaded: LoadedMethod) -> list[Step]:
    """The steps of a loaded method."""
    return [*loaded.method.all_steps()]


class TestStakeholderdialoog:
    """The checklist of eight steps."""

    NAME = "stakeholderdialoog"

    def test_48_items_in_three_phases(self) -> None:
        """Before, during and after hold four, three and one of the eight steps."""
        phases = method(self.NAME).phases
        assert [len(phase.steps) for phase in phases] == [4, 3, 1]
        assert len(method(self.NAME).items) == 48

    def test_numbers_follow_the_source(self) -> None:
        """The steps are numbered 1 to 8, each building on the one before."""
        steps = every(shipped()[self.NAME])
        assert [s.number for s in steps] == list("12345678")
        assert [s.needs for s in steps] == [(), *((s.id,) for s in steps[:-1])]

    def test_time_and_room_has_three_points(self) -> None:
        """The three bullets of the source are sub-items of the one item."""
        plan = method(self.NAME)
        assert [*plan.sub_items] == [
            "procesplan.tijd-en-ruimte.ambitie",
            "procesplan.tijd-en-ruimte.belangen",
            "procesplan.tijd-en-ruimte.mijlpalen",
        ]

    def test_the_nine_roles_of_the_source(self) -> None:
        """Every role that the text names is there, and none is ours."""
        assert {role.id for role in method(self.NAME).roles if not role.ours} == {
            "client",
            "process_director",
            "decision_makers",
            "sounding_board",
            "facilitator",
            "speaker",
            "note_taker",
            "participants",
            "constituency",
        }

    def test_the_draft_report_asks_two_audiences(self) -> None:
        """Step 7 can't complete before sounding board and participants were asked."""
        windows = step("oogst", self.NAME).windows
        assert [w.audience for w in windows] == ["sounding_board", "participants"]
        assert all(w.required for w in windows)

    def test_late_feedback_is_open_to_all_and_holds_nobody_up(self) -> None:
        """Step 8 has a window for everybody, which is not required."""
        (window,) = step("communicatie", self.NAME).windows
        assert (window.audience, window.required) == ("public", False)

    def test_the_contracts_example_can_be_carried_out(self) -> None:
        """The items of the published example of a signal exist."""
        assert {"opdracht.aanleiding", "opdracht.scope"} <= method(
            self.NAME
        ).items.keys()

    def test_adjusting_midway_is_an_amendment_of_the_plan(self) -> None:
        """Steps 3 and 6 say how: amend the plan, with a reason."""
        for name in ("procesplan", "begeleiding"):
            assert "plan" in step(name, self.NAME).advice[0]["nl"]
            assert "reden" in step(name, self.NAME).advice[0]["nl"]


class TestStakeholdermanagement:
    """The five steps of the Belgian playbook."""

    NAME = "stakeholdermanagement"

    def test_five_steps(self) -> None:
        """Identify, evaluate, define, plan, engage."""
        assert [s.number for s in every(shipped()[self.NAME])] == list("12345")

    def test_kinds_that_may_be_a_risk_are_told_apart(self) -> None:
        """External organisations and interest groups may hinder the project."""
        kinds = method(self.NAME).stakeholder_kinds
        assert len(kinds) == 6
        assert {k.id for k in kinds if k.may_hinder} == {
            "externe-organisaties",
            "belangengroepen",
        }

    def test_four_levels_of_engagement_in_order(self) -> None:
        """Satisfy, inform, consult, involve."""
        levels = [c.id for c in method(self.NAME).engagement_levels]
        assert levels == ["satisfy", "inform", "consult", "involve"]

    def test_the_engagement_plan_is_stakeholder_by_phase_by_level(self) -> None:
        """Step 4 names the tool and asks for a level for each stakeholder and phase."""
        plan = step("plannen", self.NAME)
        assert [t.title["nl"] for t in plan.tools] == ["Stakeholder engagement plan"]
        assert {"fasen", "niveau-per-fase", "moment"} == items(
            "plannen", self.NAME
        ).keys()


class TestBelangenOpTafel:
    """The knot about ambitions, interests and priorities."""

    NAME = "belangen-op-tafel"

    def test_what_the_source_leaves_empty_is_left_out_and_said(self) -> None:
        """Tracks and parties are empty in the source, and never filled in."""
        said = " ".join(text["nl"] for text in method(self.NAME).source.left_out)
        assert "B C F" in said
        assert "betrokken partijen" in said

    def test_every_tip_is_an_item(self) -> None:
        """The six tips of the source each have their item."""
        assert {
            "samen-bepalen.wensen-wijkaanpak",
            "samen-bepalen.afspraken",
            "samen-bepalen.laatkomers",
            "belangen.gemeente-apart",
            "belangen.belangen-in-kaart",
            "kennismaken.rollen-team",
            "belangen.open-blik",
        } <= method(self.NAME).items.keys()

    def test_clashes_and_synergies_are_both_asked_for(self) -> None:
        """Where interests clash, and where they strengthen each other."""
        assert {"botsingen", "versterking"} <= items("samen-bepalen", self.NAME).keys()

    def test_neighbourhood_and_own_property_are_two_ambitions(self) -> None:
        """The authority's two ambitions are recorded apart."""
        subs = [sub.id for sub in items("belangen", self.NAME)["ambities"].sub]
        assert subs == ["wijk", "eigen-bezit"]


class TestParticipatieTienStappen:
    """The ten steps of which the source describes four."""

    NAME = "participatie-tien-stappen"

    def test_six_of_ten_steps_are_left_to_the_organisation(self) -> None:
        """Steps 3, 4 and 7 to 10 are numbered, neutral and empty."""
        steps = every(shipped()[self.NAME])
        assert [s.number for s in steps] == [str(n) for n in range(1, 11)]
        undescribed = [s for s in steps if s.undescribed]
        assert [s.number for s in undescribed] == ["3", "4", "7", "8", "9", "10"]
        for each in undescribed:
            assert (
                each.title["nl"] == f"Stap {each.number} (niet beschreven in de bron)"
            )
            assert each.goal is None
            assert (each.items, each.windows, each.tools) == ((), (), ())

    def test_step_1_is_a_gate(self) -> None:
        """Time and money must be approved: the one item that can't be waived."""
        gates = [name for name, item in method(self.NAME).items.items() if item.gate]
        assert gates == ["goedkeuring.akkoord"]

    @pytest.mark.parametrize(
        "name",
        [
            "goedkeuring.genoeg-tijd",
            "organisatie.rolverdeling",
            "duiden.terugkoppeling",
        ],
    )
    def test_each_named_accident_is_an_item(self, name: str) -> None:
        """Too little time, no division of roles, no report-back."""
        assert "bekend ongeluk" in (method(self.NAME).items[name].help or {})["nl"]
