"""Laws of the model: dates, days, answers, quantities and names hold for whatever is drawn."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from untoward.model.answer import Answer, all_of, any_of, at_least
from untoward.model.names import NameIndex, fold
from untoward.model.product import Component, Mix
from untoward.model.quantity import Quantity
from untoward.model.time import DaySpan, PartialDate

YEARS = st.integers(1, 9998)
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31))


def _cut(moment, precision):
    parts = (moment.year, moment.month, moment.day, moment.hour * 60 + moment.minute)
    return PartialDate(*parts[:precision])


def _attempt(make):
    """What was made and no reason, or nothing and the reason it was refused for."""
    try:
        return make(), ""
    except ValueError as refused:
        return None, str(refused)


DATES = st.builds(_cut, INSTANTS, st.integers(1, 4))
ANSWERS = st.sampled_from(list(Answer))


@given(st.builds(_cut, st.datetimes(), st.integers(1, 4)))
def test_a_date_is_read_back_from_its_own_text(date):
    assert PartialDate.parse(str(date)) == date


@given(INSTANTS, st.integers(1, 4))
def test_a_date_means_the_moment_it_was_cut_from(moment, precision):
    date = _cut(moment, precision)
    minute = moment.replace(second=0, microsecond=0)
    assert date.earliest() <= minute <= date.latest()


@given(INSTANTS, st.integers(1, 3))
def test_saying_more_never_widens_a_date(moment, precision):
    vague, precise = _cut(moment, precision), _cut(moment, precision + 1)
    assert vague.earliest() <= precise.earliest() <= precise.latest() <= vague.latest()


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_refused_with_a_reason(text):
    date, refusal = _attempt(lambda: PartialDate.parse(text))
    assert refusal if date is None else date.earliest() <= date.latest()


@given(DATES, DATES, DATES)
def test_dates_are_in_one_order(first, second, third):
    assert (first < second) + (first == second) + (first > second) == 1
    if first <= second <= third:
        assert first <= third
    assert min(first, second).earliest() == min(first.earliest(), second.earliest())


@given(INSTANTS, INSTANTS, st.integers(1, 4), st.integers(1, 4))
def test_the_true_day_always_lies_in_the_span(start, end, start_precision, end_precision):
    """Whatever the two moments were, what is left of them after cutting still holds the time between them."""
    start, end = sorted(moment.replace(second=0, microsecond=0) for moment in (start, end))
    span = DaySpan.between(_cut(start, start_precision), _cut(end, end_precision))
    true = (end - start) / timedelta(days=1)
    assert span.low <= true <= span.high
    assert span.may_be_within(true, true)


@given(DATES, DATES)
def test_of_two_dates_at_least_one_may_come_first(first, second):
    refused = 0
    for start, end in ((first, second), (second, first)):
        try:
            span = DaySpan.between(start, end)
        except ValueError:
            refused += 1
            assert end.latest() <= start.earliest()
        else:
            assert 0 <= span.low <= span.high
    assert refused < 2


DAYS = st.floats(0, 1000)


@given(DAYS, DAYS, DAYS, DAYS)
def test_what_must_be_may_be(low, high, first, last):
    assume(low <= high and first <= last)
    span = DaySpan(low, high)
    if span.must_be_within(first, last):
        assert span.may_be_within(first, last)
    if not span.may_be_within(first, last):
        assert high < first or low > last
    assert span.low <= span.middle <= span.high


@given(st.lists(ANSWERS, max_size=7), st.integers(-1, 8))
def test_counting_answers_agrees_with_every_possible_world(answers, count):
    worlds = product(
        *([Answer.YES, Answer.NO] if answer is Answer.UNKNOWN else [answer] for answer in answers)
    )
    outcomes = {sum(answer is Answer.YES for answer in world) >= count for world in worlds}
    expected = Answer.UNKNOWN if len(outcomes) == 2 else Answer.of(outcomes.pop())
    assert at_least(count, answers) is expected


@given(st.lists(ANSWERS, max_size=7))
def test_any_and_all_are_counts(answers):
    assert any_of(answers) is at_least(1, answers)
    assert all_of(answers) is at_least(len(answers), answers)


@given(st.lists(ANSWERS, max_size=7), ANSWERS)
def test_learning_an_unknown_never_overturns_an_answer(answers, learnt):
    """A conclusion that was reached stands, whatever the unknown facts turn out to be."""
    for conclude in (any_of, all_of, lambda known: at_least(2, known)):
        before = conclude(answers)
        after = conclude([learnt if answer is Answer.UNKNOWN else answer for answer in answers])
        assert before in (Answer.UNKNOWN, after)


UNITS = {
    "mass": ["ug", "mg", "g", "kg"],
    "volume": ["ul", "ml", "l"],
    "length": ["mm", "cm", "inch"],
    "time": ["minute", "hour", "day", "week", "month", "year"],
    "temperature": ["celsius", "fahrenheit"],
    "concentration": ["mg/ml", "percent"],
}
PAIRS = st.sampled_from([(one, other) for units in UNITS.values() for one, other in product(units, units)])


@given(st.floats(-1e6, 1e6), PAIRS)
def test_there_and_back_is_the_same_quantity(value, pair):
    unit, other = pair
    back = Quantity(value, unit).to(other).to(unit)
    assert back.unit == unit
    assert back.value == pytest.approx(value, rel=1e-9, abs=1e-9)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), PAIRS)
def test_converting_keeps_the_order(value, larger, pair):
    assume(value < larger)
    unit, other = pair
    assert Quantity(value, unit).to(other).value <= Quantity(larger, unit).to(other).value


WORDS = st.text(alphabet="abcdeáéñ -/®", min_size=1, max_size=12).filter(fold)


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text):
    folded = fold(text)
    assert fold(folded) == folded == folded.strip()
    assert "  " not in folded


@given(st.dictionaries(st.sampled_from("abcd"), st.lists(WORDS, max_size=4)), st.data())
def test_every_name_finds_its_own_key_in_any_dress(names, data):
    index, refusal = _attempt(lambda: NameIndex.build(names))
    if index is None:
        assert "claimed by" in refusal  # the words drawn may clash
        return
    for key, words in names.items():
        for word in (key, *words):
            dressed = data.draw(st.sampled_from([word, word.upper(), f"  {word} ", word.replace("a", "á")]))
            assert index.find(dressed) == key


@given(
    st.lists(
        st.builds(lambda name: Component(as_named=name, compound=name), st.sampled_from("abcd")), max_size=6
    ),
    st.randoms(),
)
def test_a_mix_is_the_set_of_what_is_in_it(parts, random):
    shuffled = [*parts, *parts[:1]]
    random.shuffle(shuffled)
    assert (
        Mix(name="1", components=tuple(parts)).signature
        == Mix(name="2", components=tuple(shuffled)).signature
    )
