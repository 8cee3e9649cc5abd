"""Components, mixes, sessions, credentials, signs, dispositions and row ledgers."""

from datetime import date
from itertools import permutations

import pytest

from untoward.model.answer import Answer
from untoward.model.case import Sign
from untoward.model.counts import TwoByTwo
from untoward.model.finding import Assessment, CaseAssessment, Disposition
from untoward.model.people import Credential
from untoward.model.product import Component, Compound, Mix
from untoward.model.quantity import Quantity
from untoward.model.session import Session
from untoward.model.tables import RowLedger
from untoward.model.time import PartialDate

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


class TestComponents:
    @pytest.mark.parametrize("field", ["amount", "volume"])
    def test_nobody_injects_less_than_nothing(self, field):
        with pytest.raises(ValueError, match="cannot be negative: -1 ml"):
            Component(as_named="lidocaine", **{field: Quantity(-1, "ml")})

    def test_nothing_and_unknown_are_allowed(self):
        assert Component(as_named="lidocaine", amount=Quantity(0, "mg")).volume is None

    def test_a_compound_is_shown_by_its_english_name(self):
        assert Compound(key="x", names={"es": "lecitina", "en": "lecithin"}).label == "lecithin"


class TestMixes:
    PARTS = (
        Component(as_named="Lecithin", compound="phosphatidylcholine"),
        Component(as_named="DCA", compound="deoxycholic-acid"),
        Component(as_named="something new"),
    )

    def test_the_order_of_the_components_never_matters(self):
        signatures = {Mix(name="s", components=parts).signature for parts in permutations(self.PARTS)}
        assert signatures == {"deoxycholic-acid + phosphatidylcholine + something new"}

    def test_a_compound_counts_once_however_it_was_named(self):
        twice = (*self.PARTS[:1], Component(as_named="soy lecithin", compound="phosphatidylcholine"))
        assert Mix(name="s", components=twice).signature == "phosphatidylcholine"

    def test_a_session_has_one_mix_a_syringe_and_one_for_the_rest(self):
        parts = [
            Component(as_named=name, mix=mix)
            for name, mix in (("a", "1"), ("b", None), ("c", "1"), ("d", "2"), ("e", None))
        ]
        mixes = {mix.name: mix.signature for mix in Session(components=tuple(parts)).mixes()}
        assert mixes == {"1": "a + c", "": "b + e", "2": "d"}
        assert Session().mixes() == ()


class TestCredentials:
    @pytest.mark.parametrize(
        ("start", "end", "day", "answer"),
        [
            ("2026-01-01", "2026-12-31", date(2026, 6, 1), YES),
            ("2026-01-01", "2026-12-31", date(2026, 1, 1), YES),
            ("2026-01-01", "2026-12-31", date(2026, 12, 31), YES),
            ("2026-01-01", "2026-12-31", date(2025, 12, 31), NO),
            ("2026-01-01", "2026-12-31", date(2027, 1, 1), NO),
            # "from March": on the 15th it may not have begun yet; in April it has.
            ("2026-03", "2027-03-31", date(2026, 3, 15), UNKNOWN),
            ("2026-03", "2027-03-31", date(2026, 3, 31), YES),
            ("2026-03", "2027-03-31", date(2026, 4, 1), YES),
            ("2026-03", "2027-03-31", date(2026, 2, 28), NO),
            # "until 2027": within that year nobody can tell.
            ("2026-03-01", "2027", date(2027, 6, 1), UNKNOWN),
            ("2026-03-01", "2027", date(2027, 1, 1), YES),
            ("2026-03-01", "2027", date(2028, 1, 1), NO),
            (None, "2026-12-31", date(2026, 6, 1), UNKNOWN),
            ("2026-01-01", None, date(2026, 6, 1), UNKNOWN),
            (None, None, date(2026, 6, 1), UNKNOWN),
            # What is certain stays certain when the other bound is missing.
            (None, "2026-05-31", date(2026, 6, 1), NO),
            ("2026-07-01", None, date(2026, 6, 1), NO),
        ],
    )
    def test_valid_on_a_day(self, start, end, day, answer):
        bounds = [None if text is None else PartialDate.parse(text) for text in (start, end)]
        credential = Credential(kind="licence", number="1", valid_from=bounds[0], valid_to=bounds[1])
        assert credential.valid_on(day) is answer


class TestSigns:
    SIGN = Sign(
        term="nodule",
        answer=YES,
        attributes={"count": 3, "size_cm": 1.5, "painful": False, "colour": "red", "spreading": True},
    )

    def test_numbers(self):
        assert [self.SIGN.number(name) for name in ("count", "size_cm", "painful", "colour", "depth")] == [
            3.0,
            1.5,
            None,
            None,
            None,
        ]

    def test_truths(self):
        names = ("painful", "spreading", "count", "colour", "itchy")
        assert [self.SIGN.truth(name) for name in names] == [NO, YES, UNKNOWN, UNKNOWN, UNKNOWN]


class TestDispositions:
    def test_most_urgent_first(self):
        names = [disposition.value for disposition in sorted(Disposition, key=lambda item: item.rank)]
        assert names == ["emergency_now", "within_1h", "same_day", "within_72h", "routine", "self_care"]

    def test_hours_rise_with_rank_and_self_care_has_none(self):
        hours = [disposition.deadline_hours for disposition in Disposition]
        assert hours[-1] is None
        assert hours[:-1] == sorted(hours[:-1])

    def test_who_needs_someone_is_who_must_be_seen_within_72_hours(self):
        for disposition in Disposition:
            hours = disposition.deadline_hours
            assert disposition.needs_someone == (hours is not None and hours <= 72)

    def test_the_most_urgent_of_several(self):
        assert (
            Disposition.most_urgent([Disposition.ROUTINE, Disposition.SAME_DAY, Disposition.SELF_CARE])
            is Disposition.SAME_DAY
        )
        with pytest.raises(ValueError, match="empty"):
            Disposition.most_urgent([])

    def test_a_case_is_as_urgent_as_its_most_urgent_observation(self):
        def seen(disposition):
            return Assessment(
                day=1, disposition=disposition, summary="", findings=(), not_evaluated=(), course=(),
                coded=(), unrecognised=()
            )  # fmt: skip

        several = tuple(
            seen(item) for item in (Disposition.ROUTINE, Disposition.WITHIN_1H, Disposition.SELF_CARE)
        )
        case = CaseAssessment(id="c", rule_set="r", evidence_version="e", assessments=several)
        assert case.most_urgent is Disposition.WITHIN_1H
        assert CaseAssessment(id="c", rule_set="r", evidence_version="e", assessments=()).most_urgent is None


def test_rows_of_a_two_by_two_table():
    table = TwoByTwo(a=43, b=11, c=3, d=18)
    assert (table.exposed, table.unexposed) == (54, 21)


def test_no_row_is_lost_without_a_word():
    assert RowLedger(table="sessions", read=3, kept=2, left_out=1).kept == 2
    with pytest.raises(ValueError, match="sessions: 3 rows read, but 2 kept and 0 left out"):
        RowLedger(table="sessions", read=3, kept=2, left_out=0)
