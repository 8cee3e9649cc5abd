"""What rules call the facts they used and missed, as people read it in both languages."""

import json
from pathlib import Path

import pytest
import yaml
from django.utils.translation import override

from untoward.exchange.cases import read_cases
from untoward.tasks.knowledge import assessor, case_names
from untoward.tasks.record.case_reasons import rule_names
from untoward.tasks.record.fact_words import fact_words, value_words

RULE_CASES = Path(__file__).parents[2] / "cases"
THE_SAME = {"angioedema", "diabetes", "livedo", "psoriasis", "pus", "sepsis", "urticaria pigmentosa"}
"""Names that English and Spanish share."""


@pytest.fixture(scope="module")
def named():
    """Every name of a fact in the assessments of all cases of all rules."""
    found = set()
    for path in RULE_CASES.glob("*.yaml"):
        for item in yaml.safe_load(path.read_text(encoding="utf-8")):
            (case,) = read_cases(json.dumps(item["case"]), case_names())
            for one in assessor().assess(case).assessments:
                for finding in one.findings:
                    found |= {*finding.facts_used, *finding.facts_missing}
                for silent in one.not_evaluated:
                    found |= set(silent.missing)
    return sorted(found)


def words_in(language, name):
    with override(language):
        return fact_words(name)


def test_every_fact_of_every_rule_has_words_in_spanish(named):
    assert len(named) > 200
    same = {name for name in named if words_in("en", name) == words_in("es", name)}
    assert same == THE_SAME & set(named)
    assert not [name for name in named if "_" in words_in("es", name)]


@pytest.mark.parametrize(
    ("name", "spanish"),
    [
        ("injected: botulinum toxin", "inyectado: toxina botulínica"),
        ("injected: adrenaline", "inyectado: adrenalina"),
        ("injection site redness: size_cm on day 3", "enrojecimiento en el lugar de la inyección: tamaño en cm el día 3"),
        ("amount of lidocaine", "cantidad de lidocaína"),
        ("what was meant by: my toes glimmer", "qué se quiso decir con: my toes glimmer"),
        ("nothing the program knows", "nothing the program knows"),
    ],
)  # fmt: skip
def test_names(name, spanish):
    assert words_in("es", name) == spanish


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        ("yes, since_day 35.263", "yes, since day 35.3", "sí, desde el día 35.3"),
        ("yes, painful no, size_cm 1", "yes, painful: no, 1 cm", "sí, duele: no, 1 cm"),
        ("yes, count 3, count_is_at_least yes", "yes, 3 or more", "sí, 3 o más"),
        ("yes, size_cm 5, size_is_approximate yes", "yes, ≈ 5 cm", "sí, ≈ 5 cm"),
        ("yes, severity severe, duration_days 7", "yes, severe, for 7 days", "sí, grave, durante 7 días"),
        ("yes, count 2, drug cefalexin", "yes, number: 2, cefalexin", "sí, número: 2, cefalexin"),
        ("220 mg", "220 mg", "220 mg"),
        ("", "", ""),
        (38.5, "38.5", "38.5"),
    ],
)
def test_values(value, english, spanish):
    with override("en"):
        assert value_words(value) == english
    with override("es"):
        assert value_words(value) == spanish


def test_every_rule_has_a_name_in_spanish():
    with override("es"):
        from django.utils.translation import gettext

        assert [name for name in rule_names().values() if gettext(name) == name] == []
