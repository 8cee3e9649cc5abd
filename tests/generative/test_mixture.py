"""Laws of the mixture check, for mixtures drawn at random."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from untoward.evidence.load import load_evidence
from untoward.evidence.records import Pair
from untoward.mixture.check import MixtureChecker
from untoward.mixture.vehicles import FLUID_OF_COMPOUND
from untoward.model.mixture import GivenIngredient, GivenMixture, Person, Verdict

BASE = load_evidence()
CHECKER = MixtureChecker(BASE)
COMPOUNDS = sorted(key for key, item in BASE.compounds.items() if item.drug_class != "procedure")
SUBSTANCES = sorted(BASE.substances.substances)
VEHICLES = (None, "normal saline", "sterile water", "sodium bicarbonate", "as made by the maker")
COUNTRIES = (None, "FR", "US", "BR", "KR")
UNKNOWN_NAMES = ("moondust", "zzqx extract", "qqqqqq 2%")

some_compounds = st.lists(st.sampled_from(COMPOUNDS), min_size=1, max_size=6, unique=True)
some_vehicle = st.sampled_from(VEHICLES)
some_country = st.sampled_from(COUNTRIES)


def words(kinds):
    names = [
        name
        for item in BASE.substances.substances.values()
        if item.kind in kinds
        for name in item.every_name()
    ]
    return st.lists(st.sampled_from(sorted(set(names))), max_size=2)


some_person = st.builds(
    lambda allergies, history, medicines: Person(
        allergies=tuple(allergies), history=tuple(history), medicines=tuple(medicines)
    ),
    words({"allergen"}),
    words({"condition"}),
    words({"medicine"}),
)


def check(names, person=None, vehicle=None, country=None):
    ingredients = tuple(GivenIngredient(name=name) for name in names)
    asked = GivenMixture(ingredients=ingredients, person=person or Person(), vehicle=vehicle, country=country)
    return CHECKER.check(CHECKER.read(asked))


def content(answer):
    return answer.verdict, answer.findings, answer.compatible, answer.no_data, answer.facts_missing


def not_better(answer, than):
    return answer.verdict.rank <= than.verdict.rank


@given(some_compounds, some_person, some_vehicle, some_country, st.randoms())
def test_order_never_matters(names, person, vehicle, country, random):
    shuffled = random.sample(names, len(names))
    assert content(check(names, person, vehicle, country)) == content(
        check(shuffled, person, vehicle, country)
    )


@given(some_compounds, some_person, st.data())
def test_any_name_in_any_language_gives_the_same_answer(names, person, data):
    def another_name(key):
        compound = BASE.compounds[key]
        return data.draw(st.sampled_from([key, *compound.names.values(), *compound.synonyms]))

    said = [another_name(key).upper() if data.draw(st.booleans()) else another_name(key) for key in names]
    assert content(check(said, person)) == content(check(names, person))


@given(some_compounds, st.sampled_from(SUBSTANCES), st.data())
def test_an_allergen_or_condition_in_any_language_gives_the_same_answer(names, key, data):
    substance = BASE.substances.substances[key]
    one = data.draw(st.sampled_from(substance.every_name()))
    other = data.draw(st.sampled_from(substance.every_name()))
    assume(BASE.substances.mentioned(one) == BASE.substances.mentioned(other))
    first = check(names, Person(allergies=(one,), history=(one,)))
    second = check(names, Person(allergies=(other,), history=(other,)))
    assert first.verdict == second.verdict


def _bad_partners():
    """Pairs that go badly in any fluid, the partner being no fluid itself."""
    return sorted(
        {
            tuple(record.compounds)
            for record in BASE.of_class(Pair)
            if len(record.compounds) == 2
            and not record.classes
            and record.with_ is None
            and record.vehicle is None
            and record.severity == "high"
            and not set(record.compounds) & FLUID_OF_COMPOUND.keys()
        }
    )


@given(some_compounds, st.sampled_from(_bad_partners()), some_person, some_vehicle)
def test_adding_a_bad_partner_never_improves_the_verdict(names, pair, person, vehicle):
    bad, partner = pair
    names = list(dict.fromkeys([*names, partner]))
    assume(bad not in names)
    before, after = check(names, person, vehicle), check([*names, bad], person, vehicle)
    covered = {frozenset(tested) for tested in after.compatible} >= {frozenset(pair)}
    assert covered or after.verdict.rank <= Verdict.AVOID.rank
    assert not_better(after, before) or covered


@given(some_compounds, some_person, some_vehicle, some_country)
def test_removing_the_allergy_never_worsens_the_verdict(names, person, vehicle, country):
    without = Person(history=person.history, medicines=person.medicines)
    assert not_better(check(names, person, vehicle, country), check(names, without, vehicle, country))


@given(some_compounds, some_person, some_vehicle, some_country)
def test_saying_nothing_of_the_person_never_gives_a_worse_verdict(names, person, vehicle, country):
    assert not_better(check(names, person, vehicle, country), check(names, Person(), vehicle, country))


@given(some_compounds, st.sampled_from(UNKNOWN_NAMES), some_person, some_vehicle)
def test_an_unknown_ingredient_never_improves_the_verdict_and_is_said(names, unknown, person, vehicle):
    answer = check([*names, unknown], person, vehicle)
    assert not_better(answer, check(names, person, vehicle))
    assert unknown in answer.unrecognised
    assert answer.verdict is not Verdict.OK


@given(some_compounds, st.text(max_size=12), some_person)
def test_an_unknown_word_about_the_person_never_improves_the_verdict(names, word, person):
    more = Person(
        allergies=(*person.allergies, word), history=person.history, medicines=(*person.medicines, word)
    )
    assert not_better(check(names, more), check(names, person))


@given(some_compounds, some_vehicle, some_country)
def test_not_telling_the_vehicle_never_improves_the_verdict(names, vehicle, country):
    """A fluid among the ingredients is a vehicle by itself, and bicarbonate as a vehicle is one more ingredient."""
    names = [key for key in names if key not in FLUID_OF_COMPOUND]
    assume(names and vehicle != "sodium bicarbonate")
    told, not_told = check(names, None, vehicle, country), check(names, None, None, country)
    assume(Verdict.NO_DATA not in (told.verdict, not_told.verdict))
    assert not_better(not_told, told)


@given(some_compounds, some_person, some_vehicle, some_country)
def test_ok_only_with_evidence_for_every_pair(names, person, vehicle, country):
    answer = check(names, person, vehicle, country)
    if answer.verdict is Verdict.OK:
        pairs = {(one, other) for one in names for other in names if one < other}
        assert pairs
        assert set(answer.compatible) == pairs
        assert all(answer.compatible.values())


@given(some_compounds, some_person, some_vehicle, some_country)
def test_every_statement_rests_on_records_that_exist(names, person, vehicle, country):
    answer = check(names, person, vehicle, country)
    cited = [key for finding in answer.findings for key in finding.evidence]
    cited += [key for keys in answer.compatible.values() for key in keys]
    assert all(key in BASE.records for key in cited)
    own_words = ("itself", "compounds of one class", "already a part", "already takes")
    assert all(
        finding.evidence or any(word in finding.statement for word in own_words)
        for finding in answer.findings
    )


@given(some_compounds, some_person, some_vehicle, some_country)
def test_the_verdict_is_the_worst_of_its_findings(names, person, vehicle, country):
    answer = check(names, person, vehicle, country)
    worst = min((one.verdict.rank for one in answer.findings if one.verdict), default=Verdict.OK.rank)
    assert answer.verdict.rank == worst or answer.verdict is Verdict.NO_DATA
    assert answer.verdict.rank <= worst


@given(st.text(max_size=60))
def test_any_text_can_be_a_name(text):
    answer = check([text, "lidocaine"])
    assert isinstance(answer.verdict, Verdict)


@pytest.mark.parametrize("key", COMPOUNDS)
def test_every_compound_can_be_checked_with_every_other(key):
    for other in COMPOUNDS:
        if other > key:
            answer = check([key, other])
            assert answer.verdict is not Verdict.OK or answer.compatible
