"""Facts of an assessment as people say them, in the language of the page."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from untoward.report.words import question_words
from untoward.tasks.knowledge import evidence
from untoward.tasks.record.named import named

_ON_DAY = re.compile(r"(?P<what>.+) on day (?P<day>[\d.]+)")
_LONG_FRACTION = re.compile(r"\d+\.\d{2,}")
_LOOSE = (
    (re.compile(r", count (?=\d)"), ", count_is_at_least yes", ", count_is_at_least "),
    (re.compile(r", size_cm (?=\d)"), ", size_is_approximate yes", ", size_cm ≈ "),
)
"""A number and the flag that says it is loose, said as one: "count is at least 3", "size cm ≈ 5"."""
_INJECTED, _AMOUNT, _MEANT = "injected: ", "amount of ", "what was meant by: "
_SAID_WITH = {
    "size_cm": gettext_noop("%(value)s cm"),
    "duration_days": gettext_noop("for %(value)s days"),
    "days": gettext_noop("for %(value)s days"),
    "since_day": gettext_noop("since day %(value)s"),
    "count": gettext_noop("number: %(value)s"),
    "count_is_at_least": gettext_noop("%(value)s or more"),
}
_SAY_ENOUGH = frozenset({"severity", "value", "drug"})
"""Attributes whose value says what it is of."""
_SAID = (
    gettext_noop("a fat-dissolving or mesotherapy mix"),
    gettext_noop("a numbing cream"),
    gettext_noop("a xanthine or beta agonist"),
    gettext_noop("alpha-2 blocker"),
    gettext_noop("began on day"),
    gettext_noop("beta agonist"),
    gettext_noop("botulinum toxin"),
    gettext_noop("capillary refill s"),
    gettext_noop("count is at least"),
    gettext_noop("day since the session"),
    gettext_noop("detergent"),
    gettext_noop("drug"),
    gettext_noop("duration days"),
    gettext_noop("filler"),
    gettext_noop("given: prilocaine, benzocaine or lidocaine"),
    gettext_noop("hormone"),
    gettext_noop("how long there have been hives"),
    gettext_noop("injected on the face"),
    gettext_noop("injected on the neck"),
    gettext_noop("injury"),
    gettext_noop("last said to be absent on day"),
    gettext_noop("lipid transporter"),
    gettext_noop("local anaesthetic"),
    gettext_noop("local anaesthetics of the session, summed"),
    gettext_noop("phospholipid"),
    gettext_noop("plant extract"),
    gettext_noop("recovered"),
    gettext_noop("silicone, filler, fat or oil"),
    gettext_noop("size cm"),
    gettext_noop("trace element"),
    gettext_noop("unverified mix"),
    gettext_noop("value"),
    gettext_noop("vasodilator"),
    gettext_noop("weight"),
    gettext_noop("xanthine"),
    gettext_noop("yes"),
    gettext_noop("no"),
)
"""What rules call facts that are no terms (see `assess.facts`), for the catalogue; anything else stays in English."""


def fact_words(name: str) -> str:
    """What a fact is: "fever", "rash: spreading", "injected: botulinum toxin"."""
    if name.startswith(_INJECTED):
        return str(_("injected: %(what)s") % {"what": _injected_words(name.removeprefix(_INJECTED))})
    if name.startswith(_AMOUNT):
        return str(_("amount of %(compound)s") % {"compound": _injected_words(name.removeprefix(_AMOUNT))})
    if name.startswith(_MEANT):
        return str(_("what was meant by: %(words)s") % {"words": name.removeprefix(_MEANT)})
    label, _colon, attribute = name.partition(": ")
    term = evidence().terms.resolve(label)
    return _(question_words(name)) if term is None else attribute_words(named(term), attribute)


def value_words(value: object) -> str:
    """What a fact was, with short numbers: "yes, since day 35.3" where the rule saw "yes, since_day 35.263"."""
    short = _LONG_FRACTION.sub(lambda found: f"{float(found[0]):.1f}", str(value))
    for exact, flag, loose in _LOOSE:
        if flag in short:
            short = exact.sub(loose, short.replace(flag, ""))
    first, *more = short.split(", ")
    return ", ".join([_(first) if first else "", *map(_part_words, more)])


def attribute_words(term: str, attribute: str) -> str:
    """An attribute of a term: "rash: spreading"."""
    if not attribute:
        return term
    found = _ON_DAY.fullmatch(attribute)
    if found is None:
        return f"{term}: {_(question_words(attribute))}"
    what = _("%(what)s on day %(day)s") % {"what": _(question_words(found["what"])), "day": found["day"]}
    return f"{term}: {what}"


def _part_words(part: str) -> str:
    """One attribute with its value: "1 cm", "for 7 days", "severe", "painful: no"."""
    attribute, _space, value = part.partition(" ")
    if not value:
        return part
    if attribute in _SAID_WITH:
        return str(_(_SAID_WITH[attribute]) % {"value": value})
    if attribute in _SAY_ENOUGH:
        return str(_(value))
    return f"{_(question_words(attribute))}: {_(value)}"


def _injected_words(what: str) -> str:
    """A class of compounds, or compounds joined by "or"."""
    known, keys = evidence().compounds, what.split(" or ")
    if not all(key in known for key in keys):
        return str(_(what))
    return str(_(" or ")).join(named(known[key]) for key in keys)
