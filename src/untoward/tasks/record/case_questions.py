"""What to ask next of a case, as fields of a form, and the answers as findings. Not asked is never a no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from untoward.errors import Fault, InputError
from untoward.exchange.cases.vitals import POSSIBLE, VITAL_OF_KEY
from untoward.report.words import question_words
from untoward.tasks.knowledge import evidence
from untoward.tasks.record.fact_words import attribute_words
from untoward.tasks.record.named import named

UNITS: Mapping[str, str] = {
    "temperature_c": "°C",
    "heart_rate": gettext_noop("per minute"),
    "respiratory_rate": gettext_noop("per minute"),
    "systolic_bp": "mmHg",
    "spo2_percent": "%",
    "capillary_refill_s": "s",
    "hours_without_urine": "h",
}
LEVELS = (
    gettext_noop("alert"),
    gettext_noop("confusion"),
    gettext_noop("voice"),
    gettext_noop("pain"),
    gettext_noop("unresponsive"),
)
SEVERITIES = (gettext_noop("mild"), gettext_noop("moderate"), gettext_noop("severe"))
NUMBERS: Mapping[str, tuple[str, float]] = {
    "size_cm": ("cm", 100.0),
    "count": ("", 1000.0),
    "days": (gettext_noop("days"), 3650.0),
}
"""Attributes that are numbers, with their unit and the most that is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question: `name` as the assessment names the fact; `kind` is "yes-no", "number" or "choice"."""

    name: str
    words: str
    kind: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    least: float = 0.0
    most: float = 0.0


def asks_of(document: Mapping[str, Any]) -> tuple[Ask, ...]:
    """The questions of an assessment that can be answered in a form, most informative first."""
    return tuple(ask for name in document.get("questions", ()) if (ask := ask_of(str(name))) is not None)


def ask_of(name: str) -> Ask | None:
    """The field for one missing fact; None for a fact that is no finding, such as the age."""
    if name == "avpu":
        return Ask(name=name, words=_(question_words(name)), kind="choice", choices=LEVELS)
    if name in UNITS:
        least, most = POSSIBLE[VITAL_OF_KEY[name]]
        return Ask(
            name=name, words=_(question_words(name)), kind="number", unit=UNITS[name], least=least, most=most
        )
    label, _colon, attribute = name.partition(": ")
    term = evidence().terms.resolve(label)
    if term is None:
        return None
    shown = named(term)
    if attribute in NUMBERS:
        unit, most = NUMBERS[attribute]
        words = f"{shown}: {_('largest size') if attribute == 'size_cm' else _(question_words(attribute))}"
        return Ask(name=name, words=words, kind="number", unit=unit, most=most)
    if attribute == "severity":
        return Ask(
            name=name, words=_("%(label)s: how bad") % {"label": shown}, kind="choice", choices=SEVERITIES
        )
    return Ask(name=name, words=attribute_words(shown, attribute), kind="yes-no")


def findings_of(answers: Mapping[str, str]) -> dict[str, Any]:
    """Answers by name of the question as findings; an empty answer is left out. Raises InputError for what is no answer."""
    findings: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, answer in answers.items():
        ask = ask_of(name)
        if ask is None or not answer.strip():
            continue
        value = _value(ask, answer.strip(), faults)
        label, _colon, attribute = name.partition(": ")
        if value is None:
            continue
        if attribute:
            known = findings.get(label)
            findings[label] = {**(known if isinstance(known, dict) else {}), attribute: value}
        elif not isinstance(findings.get(label), dict):
            findings[label] = value
    if faults:
        raise InputError(_("This was not saved."), faults)
    return findings


def _value(ask: Ask, answer: str, faults: list[Fault]) -> bool | float | str | None:
    if ask.kind == "yes-no" and answer in ("yes", "no"):
        return answer == "yes"
    if ask.kind == "choice" and answer in ask.choices:
        return answer
    if ask.kind == "number":
        try:
            number = float(answer.replace(",", "."))
        except ValueError:
            number = float("nan")
        if ask.least <= number <= ask.most:
            return number
    faults.append(
        Fault(what=_("no answer to this"), field=ask.name, got=answer[:20], expected=_expected(ask))
    )
    return None


def _expected(ask: Ask) -> str:
    if ask.kind == "number":
        limits = {"least": f"{ask.least:g}", "most": f"{ask.most:g}", "unit": _(ask.unit)}
        return str(_("a number from %(least)s to %(most)s %(unit)s") % limits).strip()
    choices = [_(one) for one in ask.choices or ("yes", "no")]
    return str(_("%(choices)s, or nothing") % {"choices": _(" or ").join(choices)})


def asked_again(names: Iterable[str]) -> tuple[Ask, ...]:
    """The fields for names that were posted."""
    return tuple(ask for name in names if (ask := ask_of(name)) is not None)
