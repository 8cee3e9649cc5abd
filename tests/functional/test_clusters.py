"""`untoward clusters` on simulated and on hand-made registries."""

import json

import jsonschema_rs
import pytest

from untoward.tasks.schemas import schema_of

KEYS = "where from to observed expected relative_risk llr p replicates outcome cases explains_same_cases reading".split()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The registry of the demonstration: three clinics, 18 months, one contaminated vial."""
    from untoward.simulate import demo_plan
    from untoward.tasks.knowledge import evidence
    from untoward.tasks.simulating import evidence_recipes, simulate_registry

    plan = demo_plan(evidence_recipes(evidence()))
    return simulate_registry(plan, tmp_path_factory.mktemp("demo") / "clinics", seed=7)


@pytest.fixture
def planted(demo):
    """The event that was planted in it."""
    return json.loads((demo / "truth.json").read_text(encoding="utf-8"))["planted"][0]


class TestDemo:
    def test_the_contaminated_vial_is_named_first(self, untoward, demo, planted):
        ran = untoward("clusters", demo, "--json")
        assert ran.code == 1, ran.err
        first = ran.document["clusters"][0]
        assert first["where"] == [{"axis": "vial", "value": planted["value"]}]
        assert first["p"] <= 0.01
        assert f"look at vial {planted['value']} first" in first["reading"]
        exposed = set(planted["exposed_sessions"])
        assert all(set(line["sessions"]) <= exposed for line in first["line_list"])

    def test_others_that_share_its_cases_point_to_it(self, untoward, demo, planted):
        clusters = untoward("clusters", demo, "--json").document["clusters"]
        others = [one for one in clusters[1:] if 0 in one["explains_same_cases"]]
        assert {"practitioner", "lot"} <= {one["where"][0]["axis"] for one in others}
        assert all(f"look at vial {planted['value']} first" in one["reading"] for one in others)

    def test_the_document_is_as_promised(self, untoward, demo):
        document = untoward("clusters", demo, "--json", "--replicates", 99).document
        errors = jsonschema_rs.validator_for(schema_of("clusters")).iter_errors(document)
        assert [f"{error.instance_path}: {error.message}" for error in errors] == []
        for cluster in document["clusters"]:
            assert set(KEYS) <= set(cluster)
            assert cluster["observed"] == len(cluster["cases"]) == len(cluster["line_list"])
            assert cluster["from"] <= cluster["to"]
        assert document["explanations"][0]["hypotheses"][0]["where"] == document["clusters"][0]["where"]

    def test_before_anything_showed_nothing_stands_out(self, untoward, demo, planted):
        ran = untoward("clusters", demo, "--json", "--as-of", planted["from"][:10])
        assert ran.code == 0
        assert ran.document["as_of"]
        assert [one for one in ran.document["clusters"] if one["p"] <= 0.05] == []

    def test_the_same_seed_gives_the_same_answer(self, untoward, demo):
        first, second = (untoward("clusters", demo, "--json", "--seed", 5).out for _time in range(2))
        assert first == second

    def test_in_words_at_80_columns(self, untoward, demo, planted, monkeypatch):
        monkeypatch.setenv("COLUMNS", "80")
        out = untoward("clusters", demo).out
        assert max(len(line) for line in out.splitlines()) <= 80
        words = " ".join(out.split())
        assert f"1 Infection: vial {planted['value']}" in words
        assert f"look at vial {planted['value']} first" in words
        assert "What may explain these cases" in words
        assert "The same cases seen from other sides" in words
        assert "Any reaction: not scanned:" in words


def test_a_registry_with_nothing_planted_gives_nothing(untoward, tmp_path):
    untoward("simulate", tmp_path / "calm", "--sessions", 12_000, "--seed", 5, "--nothing-planted")
    ran = untoward("clusters", tmp_path / "calm", "--json")
    assert ran.code == 0, ran.err
    assert ran.document["clusters"]
    assert ran.document["look_anyway"] == []
    assert all(one["p"] > 0.05 for one in ran.document["clusters"])


class TestHandMade:
    def test_two_mycobacterial_infections_with_something_in_common(self, untoward, tables):
        folder = tables(
            reactions="reaction_id,session_id,term,onset_date\nR1,S1,NTM infection,2026-04-03\nR2,S2,NTM infection,2026-04-20\n",
            components="session_id,compound,lot,vial\nS1,lidocaine,L1,V1\nS2,lidocaine,L1,V2\n",
        )
        ran = untoward("clusters", folder)
        assert ran.code == 1
        assert "Look anyway: 2 persons with a mycobacterial infection" in ran.out
        assert "lot L1" in ran.out

    def test_a_registry_without_reactions(self, untoward, tables):
        ran = untoward("clusters", tables(reactions="reaction_id,session_id,term\n", observations=None))
        assert ran.code == 0, ran.err
        assert "Nothing could be scanned." in ran.out
        assert "Infection: not scanned: no case." in ran.out

    def test_text_of_the_data_is_no_markup(self, untoward, tables):
        rows = "".join(f"S{one},P{one},2026-01-{1 + one % 28:02},North\n" for one in range(60))
        parts = "".join(f"S{one},lidocaine,{'[red]L9[/red]' if one < 2 else 'L1'}\n" for one in range(60))
        folder = tables(
            sessions=f"session_id,patient_id,date,clinic\n{rows}",
            components=f"session_id,compound,lot\n{parts}",
            reactions="reaction_id,session_id,term,onset_date\nR1,S0,abscess,2026-02-03\nR2,S1,abscess,2026-02-20\n",
            observations=None,
        )
        assert "lot [red]L9[/red]" in untoward("clusters", folder).out

    def test_a_line_list_is_refused_with_what_to_do_instead(self, untoward, examples):
        ran = untoward("clusters", examples / "oswego-1940")
        assert ran.code == 2
        assert ran.out == ""
        assert "untoward outbreak" in ran.err

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--outcome", "colds"], "There are: infection"),
            (["--replicates", "3"], "--replicates"),
            (["--as-of", "soon"], "--as-of"),
        ],
    )
    def test_options_that_cannot_be(self, untoward, tables, options, said):
        ran = untoward("clusters", tables(), *options)
        assert ran.code == 2
        assert said in ran.err
