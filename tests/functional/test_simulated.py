"""Simulated registries: the same seed gives the same bytes, and what was planted is found."""

import hashlib
import json

import pytest

SEEDS = (1, 3, 4, 5)
ENOUGH_SESSIONS = 6000


def bytes_of(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


class TestSimulate:
    @pytest.mark.parametrize("form", ["csv", "parquet"])
    def test_the_same_seed_gives_the_same_bytes(self, untoward, tmp_path, form):
        for name in ("one", "two"):
            ran = untoward("simulate", tmp_path / name, "--sessions", 300, "--seed", 7, "--format", form)
            assert ran.code == 0, ran.err
        first = bytes_of(tmp_path / "one")
        assert first == bytes_of(tmp_path / "two")
        tables = [f"{name}.{form}" for name in ("components", "observations", "reactions", "sessions")]
        assert sorted(first) == [*tables, "truth.json"]

    def test_another_seed_gives_others(self, untoward, tmp_path):
        for seed in (7, 8):
            untoward("simulate", tmp_path / str(seed), "--sessions", 300, "--seed", seed)
        assert bytes_of(tmp_path / "7") != bytes_of(tmp_path / "8")

    def test_it_says_what_to_do_next(self, untoward, tmp_path):
        assert (
            f"untoward review {tmp_path / 'new'}"
            in untoward("simulate", tmp_path / "new", "--sessions", 50).out
        )

    def test_a_folder_that_holds_something_is_left_alone(self, untoward, tmp_path):
        (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
        for options in ([], ["--overwrite"]):
            ran = untoward("simulate", tmp_path, "--sessions", 50, *options)
            assert ran.code == 2
            assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

    def test_an_earlier_simulation_is_replaced_when_asked(self, untoward, tmp_path):
        out = tmp_path / "clinics"
        for seed, options, code in ((1, [], 0), (2, [], 2), (2, ["--overwrite"], 0)):
            assert untoward("simulate", out, "--sessions", 300, "--seed", seed, *options).code == code
        assert json.loads((out / "truth.json").read_text(encoding="utf-8"))["seed"] == 2

    @pytest.mark.parametrize(
        "event", ["contaminated-vial", "bad-lot", "careless-practitioner", "allergic-patient"]
    )
    def test_each_event_is_planted_and_told(self, untoward, tmp_path, event):
        ran = untoward("simulate", tmp_path / "out", "--sessions", 600, "--plant", event)
        assert ran.code == 0, ran.err
        truth = json.loads((tmp_path / "out" / "truth.json").read_text(encoding="utf-8"))
        assert [planted["kind"] for planted in truth["planted"]] == [event]

    def test_nothing_planted(self, untoward, tmp_path):
        untoward("simulate", tmp_path / "out", "--sessions", 100, "--nothing-planted")
        assert json.loads((tmp_path / "out" / "truth.json").read_text(encoding="utf-8"))["planted"] == []


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    """Truth and review of one registry a seed, each with one contaminated vial."""
    from untoward.report.json_document import render_json
    from untoward.tasks.reviewing import review
    from untoward.tasks.simulating import plan_for, simulate_registry

    found = {}
    for seed in SEEDS:
        plan = plan_for(sessions=ENOUGH_SESSIONS, months=18, planted=("contaminated-vial",), month=None)
        folder = simulate_registry(plan, tmp_path_factory.mktemp("seed") / str(seed), seed=seed)
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        found[seed] = (truth["planted"][0], render_json(review(folder).review))
    return found


@pytest.mark.parametrize("seed", SEEDS)
class TestThePlantedVial:
    def infection(self, reviewed, seed):
        planted, document = reviewed[seed]
        (screen,) = [outcome for outcome in document["outcomes"] if outcome["outcome"] == "infection"]
        return planted, screen

    def test_it_is_named_first(self, reviewed, seed):
        planted, screen = self.infection(reviewed, seed)
        first = screen["results"][0]
        assert (first["axis"], first["value"]) == ("vial", planted["value"])
        assert first["p_adjusted"] < 0.05
        assert planted["value"] in screen["reading"]

    def test_its_cases_are_sessions_that_had_it_and_fell_ill(self, reviewed, seed):
        """A case is counted where the clinic recorded it, which may be the person's next session with the same vial."""
        planted, screen = self.infection(reviewed, seed)
        assert set(screen["results"][0]["cases"]) <= set(planted["exposed_sessions"]) & {
            *planted["ill_sessions"], *planted["recorded_against"]
        }  # fmt: skip

    def test_the_review_does_not_know_the_truth(self, reviewed, seed):
        _planted, document = reviewed[seed]
        assert "truth.json" not in document["provenance"]["inputs"]
        assert set(document["provenance"]["inputs"]) == {
            "components.csv", "observations.csv", "reactions.csv", "sessions.csv"
        }  # fmt: skip


def test_every_recorded_reaction_is_in_the_line_list(untoward, registry, tmp_path):
    untoward("review", registry, "--out", tmp_path / "out")
    written = (tmp_path / "out" / "line-list.csv").read_text(encoding="utf-8").splitlines()
    recorded = (registry / "reactions.csv").read_text(encoding="utf-8").splitlines()
    assert len(written) == len(recorded)


def test_the_same_registry_gives_the_same_review(untoward, registry):
    first, second = (untoward("review", registry, "--json").out for _time in range(2))
    assert first == second


def test_later_review_dates_make_more_deadlines_overdue(untoward, registry):
    now = untoward("review", registry, "--json").document
    later = untoward("review", registry, "--json", "--as-of", "2030-01-01").document
    assert later["provenance"]["as_of"] > now["provenance"]["as_of"]
    assert sum(case["overdue"] for case in later["urgent"]) >= sum(case["overdue"] for case in now["urgent"])
    assert all(case["overdue"] for case in later["urgent"] if case["deadline"])
