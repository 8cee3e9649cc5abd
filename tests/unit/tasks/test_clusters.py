"""Clusters of a registry read from files."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from untoward.errors import InputError, UsageError
from untoward.model.tables import Registry
from untoward.tasks.clusters import cluster_names, clusters_of, last_moment
from untoward.tasks.knowledge import evidence
from untoward.watch.clusters.search import ClusterOptions
from untoward.watch.clusters.strata import RISK_CLASSES

EXAMPLES = Path(__file__).parents[3] / "examples"
FEW = ClusterOptions(replicates=99)


@pytest.fixture
def registry(tmp_path):
    """Sixty sessions of as many people; two had lot L9, and both have a mycobacterial infection."""
    folder = tmp_path / "clinic"
    folder.mkdir()
    people = range(60)
    sessions = [f"S{one},P{one},2026-01-{1 + one % 28:02},N{one % 3}" for one in people]
    components = [f"S{one},lidocaine,{'L9' if one in (7, 21) else f'L{one % 5}'}" for one in people]
    tables = {
        "sessions": ["session_id,patient_id,date,practitioner", *sessions],
        "components": ["session_id,compound,lot", *components],
        "reactions": [
            "reaction_id,session_id,term,onset_date,outbreak",
            "R1,S7,mycobacterial infection,2026-02-20,",
            "R2,S21,mycobacterial infection,2026-02-25,spring",
        ],
        "observations": ["reaction_id,date,present", "R1,2026-03-01,yes", "R2,2026-03-20,yes"],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return folder


class TestReading:
    def test_what_is_found_and_what_it_rests_on(self, registry):
        found = clusters_of(registry, options=FEW)
        first = found.answer.clusters[0]
        assert (first.where[0].axis, first.where[0].value, first.observed) == ("lot", "L9", 2)
        assert first.known_outbreaks == {"spring": 1}
        assert found.needs_someone
        assert "lot L9" in found.answer.look_anyway[0]
        assert set(found.provenance.inputs) == {
            f"{name}.csv" for name in ("sessions", "components", "reactions", "observations")
        }
        assert found.provenance.parameters["replicates"] == "99"

    def test_the_published_delay_is_used_for_infections(self, registry):
        told = {one.outcome: one for one in clusters_of(registry, options=FEW).answer.outcomes}
        assert told["infection"].delay.startswith("Published")
        assert "days" in told["infection"].counting_rule

    def test_only_what_was_known_then(self, registry):
        """The second infection was first seen on 20 March."""
        before = clusters_of(registry, as_of=datetime(2026, 3, 10), options=FEW)
        assert before.answer.as_of == "2026-03-10T00:00"
        assert before.answer.outcomes[0].persons == 1
        assert not before.answer.look_anyway
        assert not before.needs_someone

    def test_one_outcome_on_request(self, registry):
        found = clusters_of(registry, outcomes=("allergy",), options=FEW)
        assert [one.outcome for one in found.answer.outcomes] == ["allergy"]

    @pytest.mark.slow
    def test_reactions_are_assessed_only_when_their_course_is_asked_for(self, registry):
        name = "left its expected course"
        usual = clusters_of(registry, options=FEW).answer.outcomes
        assert name not in [one.outcome for one in usual]
        asked = clusters_of(registry, outcomes=(name,), options=FEW).answer.outcomes
        assert [one.outcome for one in asked] == [name]


class TestRefused:
    def test_a_line_list(self):
        with pytest.raises(InputError) as refused:
            clusters_of(EXAMPLES / "oswego-1940", options=FEW)
        (fault,) = refused.value.faults
        assert "untoward outbreak" in fault.hint

    def test_an_outcome_that_does_not_exist(self, registry):
        with pytest.raises(UsageError, match=r"colds.*There are: infection, allergy.*expected course"):
            clusters_of(registry, outcomes=("infection", "colds"), options=FEW)

    @pytest.mark.parametrize("replicates", [0, 18, 10**9])
    def test_a_number_of_replicates_that_cannot_be(self, registry, replicates):
        with pytest.raises(UsageError, match="replicates"):
            clusters_of(registry, options=ClusterOptions(replicates=replicates))

    def test_rows_with_faults_unless_the_good_ones_are_kept(self, registry):
        sessions = registry / "sessions.csv"
        sessions.write_text(sessions.read_text(encoding="utf-8") + "S99,P99,yesterday,N1\n", encoding="utf-8")
        with pytest.raises(InputError) as refused:
            clusters_of(registry, options=FEW)
        assert [fault.got for fault in refused.value.faults] == ["'yesterday'"]
        assert clusters_of(registry, options=FEW, keep_good_rows=True).rows_left_out == 1


class TestNames:
    def test_every_compound_has_a_kind(self):
        kinds = cluster_names(evidence()).risk_classes
        assert set(kinds) == set(evidence().compounds)
        assert set(kinds.values()) <= set(RISK_CLASSES)

    @pytest.mark.parametrize(
        ("compound", "kind"),
        [("deoxycholic-acid", "tissue-dissolving"), ("hyaluronic-acid", "filler"), ("lidocaine", "other")],
    )
    def test_kinds(self, compound, kind):
        assert cluster_names(evidence()).risk_classes[compound] == kind

    def test_terms_that_name_mycobacteria(self):
        terms = cluster_names(evidence()).mycobacterial_terms
        assert terms
        assert all("mycobacter" in evidence().terms[term].label.lower() for term in terms)


def test_the_last_moment_of_a_registry_without_any_date():
    empty = pl.DataFrame(
        schema={"session_id": pl.String, "reaction_id": pl.String, "date_from": pl.Datetime("us")}
    )
    tables = Registry(sessions=empty, components=empty, reactions=empty, observations=empty)
    assert last_moment(tables) is None
