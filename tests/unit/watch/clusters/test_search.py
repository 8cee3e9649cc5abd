"""Clusters of whole registries: what is named, what is not, and what is said."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from scipy import stats

from untoward.model.clusters import Overlap, Place
from untoward.watch.clusters.search import ClusterNames, ClusterOptions, find_clusters, search_clusters
from untoward.watch.known_by import known_by
from untoward.watch.outcomes import registry_outcomes

GROUPS = {"abscess": "infection", "bruise": "local"}


def made(seed, *, persons=300, visits=3, days=360, start=0):
    """Persons with several sessions a month apart, over crossing practitioners, lots and vials."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(persons):
        first = int(rng.integers(start, start + days))
        for visit in range(int(rng.integers(1, visits + 1))):
            day = first + 30 * visit
            lot = f"L{day // 40}-{rng.integers(0, 3)}"
            vial = f"{lot}-{rng.integers(0, 6)}"
            practitioner = f"A{rng.integers(0, 6)}"
            rows.append(
                {
                    "day": day,
                    "patient_id": f"P{person}",
                    "lot": lot,
                    "vial": vial,
                    "practitioner": practitioner,
                    "clinic": "North" if practitioner < "A3" else "South",
                }
            )
    return rng, rows


def ill(rng, rows, numbers):
    """One case for each person among these sessions, about a month later."""
    persons = {rows[number]["patient_id"]: number for number in numbers}
    return [{"session": number, "onset": float(np.exp(rng.normal(3.4, 0.5)))} for number in persons.values()]


def at_random(rng, rows, many, now):
    """Cases after sessions drawn at random, with delays drawn at random; those still to come are not known."""
    cases = {}
    while len(cases) < many:
        number, onset = int(rng.integers(len(rows))), float(np.exp(rng.normal(3.4, 0.5)))
        if rows[number]["day"] + onset <= now:
            cases.setdefault(rows[number]["patient_id"], {"session": number, "onset": onset})
    return list(cases.values())


def first(found):
    return found.answer.clusters[0].where


def named(found, axis, value):
    return next((one for one in found.answer.clusters if one.where == (Place(axis=axis, value=value),)), None)


class TestWhatIsNamed:
    def test_a_contaminated_vial_before_its_lot_and_clinic(self, registry, search):
        rng, rows = made(1)
        vial = max({row["vial"] for row in rows}, key=lambda name: sum(row["vial"] == name for row in rows))
        exposed = [number for number, row in enumerate(rows) if row["vial"] == vial]
        chance = rng.choice(len(rows), 3, replace=False).tolist()
        found = search(registry(rows, ill(rng, rows, exposed[:5] + chance)))
        assert first(found) == (Place(axis="vial", value=vial),)
        assert found.answer.clusters[0].p <= 0.01
        assert f"look at vial {vial} first" in " ".join(one.reading for one in found.answer.clusters)

    def test_a_busy_practitioner_with_ordinary_risk_is_not_named_when_one_lot_explains_the_cases(
        self, registry, search
    ):
        rng, rows = made(2)
        for row in rows:
            if rng.random() < 0.5:
                row["practitioner"] = "busy"
        lot = max({row["lot"] for row in rows}, key=lambda name: sum(row["lot"] == name for row in rows))
        for row in rows:
            if row["lot"] == lot and rng.random() < 0.8:
                row["practitioner"] = "busy"
        exposed = [number for number, row in enumerate(rows) if row["lot"] == lot]
        found = search(registry(rows, ill(rng, rows, rng.choice(exposed, 9, replace=False).tolist())))
        assert first(found) == (Place(axis="lot", value=lot),)
        busy = named(found, "practitioner", "busy")
        assert busy is None or f"look at lot {lot} first" in busy.reading

    def test_two_compounds_in_one_syringe(self, registry, search):
        rng, rows = made(3)
        both = []
        for number, row in enumerate(rows):
            names = [name for name in "abcd" if rng.random() < 0.5]
            row["parts"] = [{"compound": name, "vial": row["vial"]} for name in names]
            if {"a", "b"} <= set(names):
                both.append(number)
        found = search(registry(rows, ill(rng, rows, rng.choice(both, 12, replace=False).tolist())))
        assert first(found) == (Place(axis="compound", value="a"), Place(axis="compound", value="b"))
        assert "a with b in one syringe" in found.answer.clusters[0].reading.lower()

    @pytest.mark.parametrize("seed", [11, 12, 13, 14])
    def test_nothing_when_cases_fall_at_random(self, registry, search, seed):
        rng, rows = made(seed)
        found = search(registry(rows, at_random(rng, rows, 12, 700)), now=700)
        assert [one.p > 0.05 for one in found.answer.clusters] == [True]
        assert "may well be chance" in found.answer.clusters[0].reading
        assert "Nothing stands out" in found.answer.outcomes[0].reading

    @pytest.mark.slow
    def test_p_is_what_it_says_when_cases_fall_at_random(self, registry, search):
        """With several sessions a person, crossing axes and risk still to come: no more small p than chance gives."""
        many, now, small = 80, 330, []
        for seed in range(many):
            rng, rows = made(1000 + seed)
            begun = [row for row in rows if row["day"] < now]
            found = search(registry(begun, at_random(rng, begun, 12, now)), now=now)
            small.append(found.answer.clusters[0].p)
        for level in (0.05, 0.1, 0.5):
            count = sum(p <= level for p in small)
            # Beyond these limits once in a thousand.
            assert stats.binom.ppf(0.0005, many, level) <= count <= stats.binom.ppf(0.9995, many, level)

    def test_a_window_of_time_where_the_rest_of_the_place_is_ordinary(self, registry, search):
        rng, rows = made(5, visits=1, persons=600)
        for row in rows:
            row["lot"] = row["vial"] = None
        window = [
            number
            for number, row in enumerate(rows)
            if row["practitioner"] == "A1" and 100 <= row["day"] <= 125
        ]
        found = search(registry(rows, ill(rng, rows, window[:6])))
        cluster = found.answer.clusters[0]
        assert cluster.where == (Place(axis="practitioner", value="A1"),)
        assert cluster.in_window
        assert datetime(2026, 1, 1) + timedelta(days=100) <= datetime.fromisoformat(cluster.start)
        assert datetime.fromisoformat(cluster.end) <= datetime(2026, 1, 1) + timedelta(days=125)
        assert "sessions of" in cluster.reading


class TestPartElapsed:
    def rows(self):
        """Lots of equal size, one after the other; the last began ten days before the end."""
        old = [{"day": day // 2, "patient_id": f"P{day}", "lot": f"L{day // 200}"} for day in range(600)]
        new = [{"day": 300 + day // 20, "patient_id": f"N{day}", "lot": "new"} for day in range(200)]
        return old + new

    def test_a_recent_lot_without_a_case_does_not_make_the_old_ones_alarming(self, registry, search):
        rng = np.random.default_rng(6)
        rows = self.rows()
        cases = [{"session": number, "onset": 25.0} for number in range(5, 600, 60)]
        tables = registry([{**row, "practitioner": f"A{rng.integers(0, 5)}"} for row in rows], cases)
        told, not_told = search(tables, now=310), search(tables, now=310, published=None)
        expected = {
            name: self.expected(found, "new") for name, found in (("told", told), ("not told", not_told))
        }
        assert expected["told"] < 0.1
        assert expected["not told"] > 1.5
        assert told.answer.clusters[0].p > 0.05

    def test_three_early_cases_of_a_recent_lot_stand_out_at_once(self, registry, search):
        rows = self.rows()
        cases = [{"session": number, "onset": 25.0} for number in range(5, 600, 60)]
        cases += [{"session": 600 + number, "onset": 8.0} for number in (0, 1, 2)]
        told = search(registry(rows, cases), now=310)
        assert first(told) == (Place(axis="lot", value="new"),)
        assert told.answer.clusters[0].p <= 0.05
        not_told = search(registry(rows, cases), now=310, published=None).answer.clusters[0]
        assert told.answer.clusters[0].expected < not_told.expected / 5
        assert told.answer.clusters[0].llr > 2 * not_told.llr

    @staticmethod
    def expected(found, lot):
        ground = found.scanned["infection"].ground
        node = next(
            node
            for node in range(len(ground.names))
            if ground.names.where(node) == (Place(axis="lot", value=lot),)
        )
        return float(ground.expected[ground.ground.node == node].sum())


class TestCases:
    def small(self, registry, **changed):
        rows = [
            {"day": number % 60, "patient_id": f"P{number}", "lot": f"L{number % 20}", "practitioner": "A"}
            for number in range(200)
        ]
        rows[1]["practitioner"] = "B"
        cases = [
            {"session": 40 * number + 1, "onset": 20.0 + number, "outbreak": "Spring" if number < 2 else None}
            for number in range(4)
        ]
        cases[3] |= changed
        return registry(rows, cases)

    def test_the_line_list_behind_a_cluster(self, registry, search):
        cluster = named(search(self.small(registry)), "lot", "L1")
        assert sorted(cluster.cases) == ["R0", "R1", "R2", "R3"]
        onsets = [line.onset_date for line in cluster.line_list]
        assert onsets == sorted(onsets)
        line = cluster.line_list[0]
        assert (line.reaction_id, line.patient_id, line.sessions, line.lots) == ("R0", "P1", ("S1",), ("L1",))
        assert (line.session_date, line.onset_date, line.days_to_onset) == ("2026-01-02", "2026-01-22", 20.0)
        assert (line.practitioner, line.clinic, line.term) == ("B", None, "abscess")

    def test_terms_go_by_their_label(self, registry, search):
        found = search(
            self.small(registry), names=ClusterNames(term_labels={"abscess": "Abscess of the skin"})
        )
        assert {line.term for line in found.answer.clusters[0].line_list} == {"Abscess of the skin"}

    def test_the_epidemic_curve(self, registry, search):
        curve = named(search(self.small(registry)), "lot", "L1").epi_curve
        assert sum(one.n for one in curve.bins) == 4

    def test_how_many_are_already_in_a_known_outbreak(self, registry, search):
        cluster = named(search(self.small(registry)), "lot", "L1")
        assert cluster.known_outbreaks == {"Spring": 2}
        assert "2 of the 4 are already counted to the known outbreak Spring" in cluster.reading

    def test_an_onset_nobody_wrote_down_stands_last_and_is_told(self, registry, search):
        # An abscess is an infection whenever it began, so it counts without an onset.
        found = search(self.small(registry, onset=None))
        cluster = named(found, "lot", "L1")
        assert cluster.line_list[-1].onset_date is None
        assert cluster.line_list[-1].days_to_onset is None
        assert cluster.epi_curve.without_date == 1
        assert "1 case without a known onset" in found.answer.outcomes[0].reading

    def test_clusters_say_who_else_has_their_cases(self, registry, search):
        rng, rows = made(1)
        for row in rows:
            row["device"] = f"gun {row['vial']}"
        vial = max({row["vial"] for row in rows}, key=lambda name: sum(row["vial"] == name for row in rows))
        exposed = [number for number, row in enumerate(rows) if row["vial"] == vial]
        found = search(registry(rows, ill(rng, rows, exposed[:5])))
        top = found.answer.clusters[0]
        assert top.where[0].axis == "vial"
        device = named(found, "device", f"gun {vial}")
        shared = next(one for one in top.shares if found.answer.clusters[one.cluster] is device)
        assert shared.overlap is Overlap.SAME
        assert "the same sessions had both" in top.reading


class TestOrder:
    def test_by_p_then_by_statistic_and_the_same_every_time(self, registry, search):
        rng, rows = made(1)
        exposed = [number for number, row in enumerate(rows) if row["lot"] == rows[0]["lot"]]
        tables = registry(rows, ill(rng, rows, exposed[:8]))
        clusters = search(tables).answer.clusters
        assert [(one.p, -one.llr) for one in clusters] == sorted((one.p, -one.llr) for one in clusters)
        assert search(tables).answer.clusters == clusters


class TestNotScanned:
    def reason(self, found):
        (told,) = found.answer.outcomes
        assert found.answer.clusters == ()
        assert told.not_scanned in told.reading
        return told.not_scanned

    def test_an_empty_registry(self, registry, search):
        assert self.reason(search(registry([]), now=None)) == "no case"

    def test_one_case(self, registry, search):
        rows = [{"day": day, "patient_id": f"P{day}", "lot": f"L{day % 2}"} for day in range(40)]
        assert "never a cluster" in self.reason(search(registry(rows, [{"session": 0, "onset": 30.0}])))

    def test_two_cases_of_one_person(self, registry, search):
        rows = [{"day": day, "patient_id": "P", "lot": f"L{day % 2}"} for day in range(40)]
        cases = [{"session": number, "onset": 30.0} for number in (0, 1)]
        assert "one person" in self.reason(search(registry(rows, cases)))

    def test_something_common(self, registry, search):
        rows = [{"day": day, "patient_id": f"P{day}", "lot": f"L{day % 2}"} for day in range(40)]
        cases = [{"session": number, "onset": 30.0} for number in range(3)]
        assert "8 % of sessions" in self.reason(search(registry(rows, cases)))

    def test_too_many(self, registry, search, monkeypatch):
        monkeypatch.setattr("untoward.watch.clusters.search.MOST_CASES", 2)
        rows = [{"day": day, "patient_id": f"P{day}", "lot": f"L{day % 2}"} for day in range(100)]
        cases = [{"session": number, "onset": 30.0} for number in range(3)]
        assert "3 persons are cases" in self.reason(search(registry(rows, cases)))

    def test_nothing_recorded_that_parts_the_sessions(self, registry, search):
        rows = [{"day": day, "patient_id": f"P{day}", "lot": "L1"} for day in range(60)]
        cases = [{"session": number, "onset": 30.0} for number in range(2)]
        assert "nothing is recorded" in self.reason(search(registry(rows, cases)))

    def test_no_dates(self, registry, search):
        rows = [{"day": None, "patient_id": f"P{day}", "lot": f"L{day % 2}"} for day in range(60)]
        cases = [{"session": number, "onset": 30.0} for number in range(2)]
        assert self.reason(search(registry(rows, cases), now=None)) == "no session has a date"


class TestAnyReaction:
    """Some compounds usually swell: that is no cluster, a lot or a practitioner with more of it is."""

    def found(self, registry, search, culprit):
        rng = np.random.default_rng(7)
        rows = [
            {
                "day": int(rng.integers(0, 300)),
                "patient_id": f"P{number}",
                "compound": "swelling" if rng.random() < 0.3 else "calm",
                "practitioner": f"A{rng.integers(0, 5)}",
            }
            for number in range(1000)
        ]
        exposed = [number for number, row in enumerate(rows) if culprit in row.values()]
        chosen = rng.choice(exposed, 30, replace=False).tolist()
        cases = [
            {"session": number, "onset": 1.0, "term_id": "bruise", "term": "bruise"} for number in chosen
        ]
        tables = registry(rows, cases)
        return search(tables, outcomes=registry_outcomes(tables, GROUPS)[-1:]).answer.clusters[0]

    def test_a_compound_is_compared_with_itself(self, registry, search):
        assert self.found(registry, search, "swelling").p > 0.05

    def test_a_practitioner_is_compared_within_the_compounds(self, registry, search):
        cluster = self.found(registry, search, "A1")
        assert cluster.where == (Place(axis="practitioner", value="A1"),)
        assert cluster.p <= 0.05


class TestGaps:
    def test_without_patient_ids_each_session_is_a_person(self, registry, search):
        rng, rows = made(1)
        lot = [number for number, row in enumerate(rows) if row["lot"] == rows[0]["lot"]]
        cases = ill(rng, rows, lot[:8])
        for row in rows:
            row["patient_id"] = None
        found = search(registry(rows, cases))
        assert first(found) == (Place(axis="lot", value=rows[0]["lot"]),)
        assert f"{len(rows):,} persons" in found.answer.outcomes[0].reading

    def test_lots_that_nobody_wrote_down_are_no_place(self, registry, search):
        rng, rows = made(1)
        for row in rows[::2]:
            row["lot"] = row["vial"] = None
        unknown = [number for number, row in enumerate(rows) if row["lot"] is None]
        found = search(registry(rows, ill(rng, rows, unknown[:8])))
        assert all(one.where[0].axis not in ("lot", "vial") for one in found.answer.clusters if one.p <= 0.05)
        assert found.scanned["infection"].ground.known["lot"].mean() == pytest.approx(0.5, abs=0.01)


def test_only_what_was_known_on_a_day(registry):
    rng, rows = made(1)
    exposed = [number for number, row in enumerate(rows) if row["lot"] == rows[0]["lot"]]
    tables = registry(rows, ill(rng, rows, exposed[:8]))
    day = datetime(2026, 1, 1) + timedelta(days=rows[exposed[0]]["day"] + 5)
    then = known_by(tables, day)
    found = search_clusters(
        then,
        registry_outcomes(then, GROUPS)[:1],
        now=day,
        as_of=day,
        options=ClusterOptions(replicates=19),
    )
    assert found.answer.as_of == day.isoformat(timespec="minutes")
    assert found.answer.outcomes[0].sessions < len(rows)
    assert found.answer.clusters == ()


def test_explanations_are_part_of_the_whole_answer(registry):
    rng, rows = made(1)
    exposed = [number for number, row in enumerate(rows) if row["lot"] == rows[0]["lot"]]
    tables = registry(rows, ill(rng, rows, exposed[:8]))
    answer = find_clusters(
        tables,
        registry_outcomes(tables, GROUPS)[:1],
        now=datetime(2027, 6, 1),
        options=ClusterOptions(replicates=99, stratify_by=()),
    )
    (explanation,) = answer.explanations
    assert explanation.clusters[0] == 0
    assert explanation.hypotheses[0].where == (Place(axis="lot", value=rows[0]["lot"]),)
