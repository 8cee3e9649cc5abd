"""The version rule against a twin that goes case by case."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from untoward.exchange.reports.versions import Standing, Standings, with_standing

SCHEMA = {"key": pl.Int64, "case": pl.Int64, "received_digits": pl.Int32, "group": pl.UInt32}


def standing_of(rows, deleted=()):
    demo = pl.DataFrame([(*row, 0) if len(row) == 3 else row for row in rows], schema=SCHEMA, orient="row")
    told = with_standing(demo, pl.Series("case", list(deleted), dtype=pl.Int64))
    return told, [Standing(value).name for value in told.get_column("standing")]


class TestRule:
    def test_the_version_received_last_stands(self):
        assert standing_of([(11, 1, 20170101), (12, 1, 20170301), (13, 1, 20170201)])[1] == [
            "EARLIER", "STANDS", "EARLIER",
        ]  # fmt: skip

    def test_of_several_received_on_one_day_the_highest_number_stands(self):
        assert standing_of([(12, 1, 20170101), (110, 1, 20170101)])[1] == ["EARLIER", "STANDS"]

    def test_a_later_day_beats_a_higher_number(self):
        assert standing_of([(19, 1, 20170101), (12, 1, 20170102)])[1] == ["EARLIER", "STANDS"]

    def test_a_report_without_a_date_gives_way(self):
        assert standing_of([(19, 1, None), (12, 1, 19990101)])[1] == ["EARLIER", "STANDS"]
        assert standing_of([(19, 1, None)])[1] == ["STANDS"]

    def test_a_date_without_a_day_gives_way_to_one_of_the_same_month(self):
        assert standing_of([(19, 1, 20170400), (12, 1, 20170401)])[1] == ["EARLIER", "STANDS"]

    def test_a_deleted_case_does_not_stand_in_any_version(self):
        assert standing_of([(11, 1, 20170101), (12, 1, 20170301), (21, 2, 20170101)], [1, 7])[1] == [
            "DELETED", "DELETED", "STANDS",
        ]  # fmt: skip

    def test_the_same_report_twice(self):
        assert sorted(standing_of([(11, 1, 20170101), (11, 1, 20170101)])[1]) == ["AGAIN", "STANDS"]

    def test_a_report_under_two_cases_stands_once_and_leaves_no_case_without_its_other_version(self):
        names = standing_of([(11, 1, 20170101), (11, 2, 20170301), (12, 1, 20160101)])[1]
        assert names == ["AGAIN", "STANDS", "STANDS"]

    def test_a_case_goes_on_from_one_era_into_the_other(self):
        assert standing_of([(-8000001, 5, 20120401), (51, 5, 20170101)])[1] == ["EARLIER", "STANDS"]


def plain_rule(rows, deleted):
    """Who stands, one case at a time."""
    best = {}
    for key, case, received in rows:
        rank = (received or 0, abs(key))
        if case not in deleted and rank > best.get(case, ((-1, -1), None))[0]:
            best[case] = (rank, key)
    return {key for _rank, key in best.values()}


@given(
    st.lists(
        st.tuples(
            st.integers(1, 5), st.integers(1, 9), st.sampled_from([None, 20170101, 20170102, 20170200])
        ),
        max_size=30,
    ),
    st.sets(st.integers(1, 5)),
)
def test_as_a_plain_rule_has_it(drawn, deleted):
    rows = list(dict.fromkeys((case * 10 + version, case, received) for case, version, received in drawn))
    rows = list({row[0]: row for row in rows}.values())  # a number is of one report
    told, names = standing_of(rows, deleted)
    stands = {row[0] for row, name in zip(rows, names, strict=True) if name == "STANDS"}
    assert stands == plain_rule(rows, deleted)
    assert told.get_column("key").to_list() == [row[0] for row in rows]


class TestOtherTables:
    demo = standing_of(
        [(11, 1, 20170101, 0), (12, 1, 20170301, 1), (21, 2, 20170101, 0), (21, 2, 20170101, 1)]
    )[0]

    def of(self, group, *keys):
        rows = pl.DataFrame({"key": keys}, schema={"key": pl.Int64})
        return [Standing(value).name for value in Standings(self.demo).of(rows, group)]

    def test_a_row_stands_as_its_report_does_in_its_own_quarter(self):
        assert self.of(0, 11, 11, 11) == ["EARLIER"] * 3
        assert self.of(1, 12) == ["STANDS"]
        assert sorted(self.of(0, 21) + self.of(1, 21)) == ["AGAIN", "STANDS"]

    def test_an_earlier_version_read_twice_is_earlier(self):
        demo = standing_of([(11, 1, 20170101, 0), (11, 1, 20170101, 0), (12, 1, 20170301, 0)])[0]
        told = Standings(demo).of(pl.DataFrame({"key": [11]}), 0)
        assert told.to_list() == [int(Standing.EARLIER)]

    def test_a_row_whose_report_is_in_another_quarter_only(self):
        assert self.of(0, 12) == ["STANDS"]

    def test_a_row_without_a_report(self):
        assert self.of(0, 99) == ["ORPHAN"]
        assert self.of(7, 99, 12) == ["ORPHAN", "STANDS"]

    def test_rows_keep_their_order(self):
        assert self.of(0, 11, 99, 11, 12) == ["EARLIER", "ORPHAN", "EARLIER", "STANDS"]

    def test_no_rows(self):
        assert self.of(0) == []
