"""Laws of assessment that hold for every case: missing facts never reassure, order and wording never matter."""

import json
from functools import lru_cache

import jsonschema_rs
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from untoward.coding.measures import measures_of
from untoward.coding.tokens import tokens_of
from untoward.errors import InputError
from untoward.exchange.cases import assessment_document, cases_from_text, read_cases
from untoward.exchange.cases.signs import SAID_BY_NAME
from untoward.model.answer import Answer
from untoward.model.finding import Disposition
from untoward.model.terms import TermKind
from untoward.tasks.knowledge import assessor, case_names, evidence
from untoward.tasks.schemas import schema_of

TERMS = evidence().terms
IDS = {kind: sorted(key for key, term in TERMS.terms.items() if term.kind is kind) for kind in TermKind}
SEEN = [*IDS[TermKind.REACTION], *IDS[TermKind.SIGN]]
RED_FLAGS = [key for key in SEEN if TERMS[key].red_flag]
COMMON = [
    "bruise",
    "swelling",
    "redness",
    "pain",
    "warmth",
    "itch",
    "nodule",
    "fever",
    "pus",
    "faint",
    "hives",
]
DENIED = [
    "breathlessness", "throat-swelling", "collapse", "fever", "spreading-redness", "pus", "necrosis",
    "pain-out-of-proportion", "vision-loss",
]  # fmt: skip

days = st.one_of(st.none(), st.sampled_from([0, 0.02, 1, 2, 3, 7, 14, 28, 42, 203]), st.floats(0, 400))
sizes = st.floats(0.1, 20).map(lambda size: round(size, 1))
positive = st.one_of(
    st.just(True),
    st.fixed_dictionaries(
        {}, optional={"size_cm": sizes, "count": st.integers(1, 9), "growing": st.booleans()}
    ),
)
positives = st.dictionaries(st.sampled_from([*COMMON, *SEEN]), positive, min_size=1, max_size=5)
circumstances = st.dictionaries(st.sampled_from(IDS[TermKind.CONTEXT]), st.booleans(), max_size=2)
denials = st.dictionaries(st.sampled_from([*DENIED, *SEEN]), st.just(False), max_size=10)
vitals = st.fixed_dictionaries(
    {},
    optional={
        "temperature_c": st.floats(34, 41).map(lambda value: round(value, 1)),
        "heart_rate": st.integers(35, 160),
        "respiratory_rate": st.integers(6, 35),
        "systolic_bp": st.integers(70, 230),
        "spo2_percent": st.integers(80, 100),
        "avpu": st.sampled_from("ACVPU"),
    },
)
sessions = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {
            "sites": st.sampled_from([[], ["thigh"], ["cheek"], ["submental"], ["lips"]]),
            "components": st.lists(
                st.sampled_from(["lidocaine", "deoxycholic acid", "Botox", "secret mix"]).map(
                    lambda c: {"compound": c}
                ),
                max_size=2,
            ),
        }
    ).map(lambda session: [session]),
)


@st.composite
def documents(draw):
    findings = {**draw(denials), **draw(circumstances), **draw(vitals), **draw(positives)}
    return {"sessions": draw(sessions), "observations": [{"day": draw(days), "findings": findings}]}


def assess(document):
    (case,) = read_cases(json.dumps(document), case_names())
    return assessor().assess(case).assessments[-1]


def with_findings(document, findings):
    (observation,) = document["observations"]
    return {**document, "observations": [{**observation, "findings": findings}]}


def findings_of(document):
    return document["observations"][0]["findings"]


def said(assessment):
    """What an assessment says, without the words in which the input was put."""
    return (
        assessment.disposition,
        assessment.findings,
        assessment.not_evaluated,
        assessment.course,
        assessment.questions,
        assessment.look_again_day,
    )


@given(documents())
def test_the_same_input_gives_the_same_output(document):
    assert assess(document) == assess(document)


@given(documents(), st.randoms(use_true_random=False))
def test_the_order_of_findings_never_matters(document, random):
    items = list(findings_of(document).items())
    random.shuffle(items)
    assert said(assess(with_findings(document, dict(items)))) == said(assess(document))


def says_more(name):
    """Whether a name says more than its term ("severe pain"): then it is no mere synonym."""
    return any(cue.name in SAID_BY_NAME for cue in measures_of(tokens_of(name)))


@given(documents(), st.data())
def test_the_choice_of_synonym_and_of_letter_case_never_matters(document, data):
    reworded = {}
    for name, value in findings_of(document).items():
        names = [other for other in TERMS[name].every_name() if not says_more(other)] if name in TERMS else []
        word = data.draw(st.sampled_from([name, *names])) if TERMS.resolve(name) else name
        word = (
            data.draw(st.sampled_from([word, word.upper(), word.capitalize(), f"  {word} "]))
            if name in TERMS
            else word
        )
        assume(word not in reworded)
        reworded[word] = value
    assert said(assess(with_findings(document, reworded))) == said(assess(document))


@given(documents())
def test_forgetting_a_denial_or_a_normal_value_never_reassures(document):
    """What was denied may have hidden something; without the denial the answer is at least as urgent."""
    findings = findings_of(document)
    before = assess(document).disposition.rank
    for name, value in findings.items():
        if value is False and name in SEEN:
            rest = {key: item for key, item in findings.items() if key != name}
            assert assess(with_findings(document, rest)).disposition.rank <= before, name


@given(documents())
def test_only_the_positive_facts_justify_an_urgency_and_dropping_the_others_keeps_it(document):
    findings = findings_of(document)
    positive_only = {name: value for name, value in findings.items() if value is not False}
    assert (
        assess(with_findings(document, positive_only)).disposition.rank <= assess(document).disposition.rank
    )


@given(documents(), st.sampled_from(RED_FLAGS))
def test_adding_a_red_flag_never_lowers_the_urgency(document, flag):
    findings = findings_of(document)
    flagged = assess(with_findings(document, {**findings, flag: findings.get(flag) or True})).disposition
    assert flagged.rank <= assess(document).disposition.rank
    assert flagged.needs_someone or flag == "faint"


@given(documents())
def test_forgetting_the_day_never_gives_self_care(document):
    (observation,) = document["observations"]
    without = {**document, "observations": [{**observation, "day": None}]}
    assert assess(without).disposition is not Disposition.SELF_CARE


@given(documents())
def test_something_nobody_understands_never_lets_a_case_go_home(document):
    strange = {**findings_of(document), "glimmering of the toes": True}
    assert assess(with_findings(document, strange)).disposition is not Disposition.SELF_CARE


@given(documents())
def test_the_document_fits_its_schema_and_names_only_known_evidence(document):
    (case,) = read_cases(json.dumps(document), case_names())
    made = assessment_document(assessor().assess(case), TERMS)
    assert list(_validator().iter_errors(made)) == []
    keys = {
        key for answer in made["assessments"] for finding in answer["findings"] for key in finding["evidence"]
    }
    assert keys <= set(evidence().records)


@given(documents())
def test_every_finding_is_at_most_as_urgent_as_its_rule_can_be(document):
    most = {rule.code: rule.most_urgent.rank for rule in assessor().rules}
    answer = assess(document)
    assert all(finding.disposition.rank >= most[finding.rule] for finding in answer.findings)
    assert answer.disposition.rank == min(finding.disposition.rank for finding in answer.findings)
    assert {item.rule for item in answer.not_evaluated}.isdisjoint(
        finding.rule for finding in answer.findings
    )
    assert all(item.missing for item in answer.not_evaluated)


NAMES = sorted({name for key in SEEN for name in TERMS[key].every_name()})
SMALL_WORDS = [
    "no", "not", "sin", "ni", "and", "or", "but", "pero", "never", "without", "fever", "sure", "if", "very", "the", ",", ".",
    ";", ":", "?", "yes", "sí", "since", "2", "days", "'", "/", "until", "before", "worse", "recovered", "deny",
]  # fmt: skip
sentences = st.lists(st.sampled_from([*NAMES, *SMALL_WORDS]), max_size=25).map(" ".join)


@given(st.one_of(st.text(), sentences), days)
@example("\ud800", 2)
@example("\x00" * 50, None)
@example("no " * 500 + "fever", 1)
@example("ﬁ İ ß ﷺ 𝔣𝔢𝔳𝔢𝔯", 1)
def test_no_text_ever_fails_or_is_reassured(text, day):
    (case,) = cases_from_text(text, case_names(), day=day)
    answer = assessor().assess(case).assessments[0]
    assert answer.disposition is not Disposition.SELF_CARE


@given(st.sampled_from(RED_FLAGS), st.sampled_from(["en", "es"]), st.data())
def test_a_red_flag_that_is_said_is_never_lost(flag, language, data):
    name = data.draw(st.sampled_from([TERMS[flag].name[language], *TERMS[flag].synonyms[language]]))
    frame = data.draw(
        st.sampled_from(
            [
                "{}",
                "no rash but {}",
                "bruise and {} since 2 days",
                "I am well, {}",
                "sin dolor pero {}",
                "not sure if {}",
                "{}!!",
                "MORETÓN. {}",
            ]
        )
    )
    signs = case_names().text_reader().read(frame.format(name)).signs
    assert any(TERMS[term].red_flag and sign.answer is Answer.YES for term, sign in signs.items()), (
        frame.format(name)
    )


@given(
    st.sampled_from(SEEN),
    st.sampled_from(
        ["no {}", "sin {}", "denies {}", "without any {}", "no fever or {}", "{}: no", "no chills, pus or {}"]
    ),
)
def test_a_denied_sign_does_not_fire(term, frame):
    signs = case_names().text_reader().read(frame.format(TERMS[term].label)).signs
    assert all(sign.answer is Answer.NO for sign in signs.values())


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=20,
)
KEYS = [
    "id",
    "patient",
    "sessions",
    "observations",
    "day",
    "text",
    "findings",
    "components",
    "compound",
    "amount",
    "unit",
    "age",
]
case_like = st.recursive(
    json_values,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=15,
)


@given(st.one_of(case_like.map(json.dumps), st.text()))
def test_any_document_is_read_or_refused_with_faults(text):
    cases, faults = read_or_faults(text)
    assert bool(cases) != bool(faults)
    assert all(str(fault) for fault in faults)
    assert all(assessor().assess(case).assessments for case in cases)


def read_or_faults(text):
    try:
        return read_cases(text, case_names()), ()
    except InputError as error:
        return (), error.faults


@pytest.mark.parametrize("term", SEEN)
def test_a_sign_in_a_sentence_and_in_a_finding_are_the_same_term(term):
    assert term in case_names().text_reader().read(TERMS[term].label).signs


@lru_cache(maxsize=1)
def _validator():
    return jsonschema_rs.validator_for(schema_of("assessment"))
