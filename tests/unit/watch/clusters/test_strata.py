"""Sessions of alike risk."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from untoward.watch.clusters.strata import strata_of

NOW = datetime(2026, 12, 31)
CLASSES = {"dca": "tissue-dissolving", "ha": "filler", "lido": "other"}


def strata(tables, *, least=1, **others):
    return strata_of(tables, CLASSES, NOW, least=least, **others)


class TestParts:
    def test_technique_whatever_its_case(self, registry):
        rows = [{"day": 0, "technique": name} for name in ("Mesotherapy", "mesotherapy", "lipolysis", None)]
        found = strata(registry(rows), parts=("technique",))
        assert found.number[0] == found.number[1]
        assert len(set(found.number.tolist())) == 3
        assert "not recorded" in found.labels

    @pytest.mark.parametrize(
        ("keys", "label"),
        [(["lido", "dca"], "tissue-dissolving"), (["lido", "ha"], "filler"), (["lido", None], "unknown"),
         (["lido", "never heard of"], "unknown"), (["dca", None], "tissue-dissolving"), (["lido"], "other")],
    )  # fmt: skip
    def test_the_riskiest_compound_decides_and_unknown_is_no_other(self, registry, keys, label):
        rows = [{"day": 0, "parts": [{"compound": "x", "compound_key": key} for key in keys]}]
        assert strata(registry(rows), parts=("risk class",)).labels == (label,)

    def test_without_components_the_risk_is_unknown(self, registry):
        assert strata(registry([{"day": 0, "parts": []}]), parts=("risk class",)).labels == ("unknown",)

    @pytest.mark.parametrize(
        ("names", "label"), [(["b", "a", "b"], "a + b"), ([], "not recorded"), ([None], "not recorded")]
    )
    def test_all_compounds_of_the_session(self, registry, names, label):
        rows = [{"day": 0, "parts": [{"compound": name} for name in names]}]
        assert strata(registry(rows), parts=("compounds",)).labels == (label,)

    def test_periods_are_years_back_from_the_last_day_known(self, registry):
        """In January, last December is in the same period: the latest always holds a whole year."""
        days = [(NOW - timedelta(days=back) - datetime(2026, 1, 1)).days for back in (0, 30, 364, 366, 800)]
        found = strata(registry([{"day": day} for day in days]), parts=("period",))
        assert found.labels == ("001 years back", "002 years back", "003 years back")
        assert found.number.tolist() == [0, 0, 0, 1, 2]

    def test_none_is_one_stratum(self, registry):
        assert strata(registry([{"day": 0}, {"day": 1}]), parts=()).number.tolist() == [0, 0]

    def test_an_empty_registry(self, registry):
        assert strata(registry([])).number.size == 0


class TestMerging:
    @pytest.mark.parametrize(
        ("sizes", "expected", "merged"),
        [
            ([20, 20], [20, 20], 0),
            ([19, 1, 20], [20, 20], 2),
            ([20, 5], [25], 2),
            ([5, 5], [10], 2),
            ([5, 16, 30, 3], [21, 33], 4),
        ],
    )
    def test_small_strata_go_together_with_the_next(self, registry, sizes, expected, merged):
        names = [name for name, size in zip("abcd", sizes, strict=False) for _one in range(size)]
        rows = [{"day": 0, "technique": name} for name in names]
        found = strata(registry(rows), parts=("technique",), least=20)
        counted = Counter(found.number.tolist())
        assert [counted[number] for number in range(len(counted))] == expected
        assert len(found.labels) == len(expected)
        assert found.merged == merged
