"""Findings that share cases."""

import numpy as np
import pytest

from untoward.model.clusters import Overlap
from untoward.watch.clusters.overlaps import Standing, shadows_of, shared_cases


class TestSharedCases:
    @pytest.mark.parametrize(
        ("mine", "theirs", "overlap"),
        [
            ("abc", "cba", Overlap.SAME),
            ("ab", "abc", Overlap.INSIDE),
            ("abc", "b", Overlap.AROUND),
            ("abc", "cd", Overlap.PARTLY),
        ],
    )
    def test_how_they_overlap(self, mine, theirs, overlap):
        (found,) = shared_cases(0, [tuple(mine), tuple(theirs)])
        assert found.cluster == 1
        assert found.overlap is overlap
        assert found.common == len(set(mine) & set(theirs))

    def test_clusters_without_a_common_case_are_not_named(self):
        assert shared_cases(1, [("a",), ("b",), ("c", "b")])[0].cluster == 2
        assert shared_cases(0, [("a",), ("b",)]) == ()

    def test_what_one_says_of_the_other_the_other_says_of_it(self):
        cases = [("a", "b"), ("a", "b", "c")]
        assert shared_cases(0, cases)[0].overlap is Overlap.INSIDE
        assert shared_cases(1, cases)[0].overlap is Overlap.AROUND


def spread(rng, many=600):
    """Sessions of as many persons over 200 days, with crossing practitioners, clinics and lots."""
    return [
        {
            "day": int(rng.integers(0, 200)),
            "patient_id": f"P{number}",
            "practitioner": f"A{rng.integers(0, 4)}",
            "lot": f"L{rng.integers(0, 12)}",
        }
        for number in range(many)
    ]


def ill(rows, numbers):
    return [{"session": number, "onset": 30.0} for number in numbers]


def found_at(scanned, axis, value):
    return next(
        at
        for at, one in enumerate(scanned.findings)
        if (one.where[0].axis, one.where[0].value) == (axis, value)
    )


class TestShadows:
    def test_a_practitioner_with_ordinary_numbers_beside_a_bad_lot(self, registry, search):
        rows = spread(np.random.default_rng(1))
        for row in rows:
            row["practitioner"] = "busy" if row["lot"] in ("L1", "L2", "L3", "L4") else row["practitioner"]
        lot = [number for number, row in enumerate(rows) if row["lot"] == "L1"]
        scanned = search(registry(rows, ill(rows, lot[:9]))).scanned["infection"]
        bad, busy = found_at(scanned, "lot", "L1"), found_at(scanned, "practitioner", "busy")
        shadows = shadows_of(scanned.ground, scanned.findings)
        assert shadows.standing(bad, busy) is Standing.BEHIND
        assert shadows.standing(busy, bad) is Standing.BEFORE
        assert shadows.look_first(busy) == bad
        assert shadows.look_first(bad) is None
        rest = shadows.rests[busy, bad]
        assert rest.observed == 0
        assert rest.faded
        assert rest.sessions == sum(row["practitioner"] == "busy" and row["lot"] != "L1" for row in rows)

    def test_two_that_are_each_more_than_expected(self, registry, search):
        rows = spread(np.random.default_rng(2), many=1200)
        lot = [number for number, row in enumerate(rows) if row["lot"] == "L1"][:16]
        other = [
            number for number, row in enumerate(rows) if row["practitioner"] == "A1" and number not in lot
        ]
        scanned = search(registry(rows, ill(rows, lot + other[:24]))).scanned["infection"]
        first, second = found_at(scanned, "lot", "L1"), found_at(scanned, "practitioner", "A1")
        assert shadows_of(scanned.ground, scanned.findings).standing(first, second) is Standing.APART

    def test_the_same_sessions_cannot_be_told_apart(self, registry, search):
        rows = spread(np.random.default_rng(3))
        for row in rows:
            row["vial"] = "V1" if row["lot"] == "L1" else None
        lot = [number for number, row in enumerate(rows) if row["lot"] == "L1"]
        scanned = search(registry(rows, ill(rows, lot[:8]))).scanned["infection"]
        vial, of_lot = found_at(scanned, "vial", "V1"), found_at(scanned, "lot", "L1")
        assert vial < of_lot
        assert shadows_of(scanned.ground, scanned.findings).standing(vial, of_lot) is Standing.ALIKE

    def test_a_lot_with_cases_beside_one_of_its_vials_is_not_the_vials_shadow(self, registry, search):
        rows = spread(np.random.default_rng(4))
        for number, row in enumerate(rows):
            row["vial"] = f"{row['lot']}-{number % 5}"
        lot = [number for number, row in enumerate(rows) if row["lot"] == "L1"]
        scanned = search(registry(rows, ill(rows, lot[:20]))).scanned["infection"]
        of_lot = found_at(scanned, "lot", "L1")
        shadows = shadows_of(scanned.ground, scanned.findings)
        vials = [at for at, one in enumerate(scanned.findings) if one.where[0].axis == "vial"]
        assert vials
        assert {shadows.look_first(vial) for vial in vials} == {of_lot}
        assert shadows.look_first(of_lot) is None
