"""Attributes of a finding as people write them, to the few that rules read.

`size_cm` and `count` are numbers; `painful`, `spreading`, `worse` and `recovered` are truth values; whatever else
is given is kept under its own name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from untoward.coding.measures import measures_of
from untoward.coding.tokens import tokens_of
from untoward.model.case import Attribute
from untoward.model.names import fold

NAMES: Mapping[str, str] = {
    **dict.fromkeys(["size", "diameter", "diameter cm", "largest diameter", "largest diameter cm", "width cm",
                     "tamano", "tamano cm", "diametro", "diametro cm"], "size_cm"),
    **dict.fromkeys(["number", "how many", "lesions", "cantidad", "numero", "cuantos", "times", "episodes"], "count"),
    **dict.fromkeys(["growing", "growth", "enlarging", "extending", "expanding", "getting bigger", "bigger",
                     "se extiende", "extendiendose", "creciendo", "crece"], "spreading"),
    **dict.fromkeys(["worsening", "getting worse", "increasing", "progressing", "empeora", "empeorando", "peor"], "worse"),
    **dict.fromkeys(["tender", "sore", "pain", "hurts", "doloroso", "dolorosa", "duele", "dolor"], "painful"),
    **dict.fromkeys(["resolved", "fully recovered", "full recovery", "recovered fully", "over", "gone",
                     "recuperado", "recuperada", "resuelto", "resuelta"], "recovered"),
    **dict.fromkeys(["grade", "intensity", "gravedad", "intensidad"], "severity"),
    **dict.fromkeys(["color", "colour"], "colour"),
    "dias": "days",
}  # fmt: skip
"""Folded names of attributes and the names that rules read."""

SPOKEN = frozenset({"size_cm", "count", "days"})
TRUTHS = frozenset({"present", "painful", "spreading", "worse", "recovered"})
SAFER_FALSE = frozenset({"recovered"})
"""Of these the cautious one of two contradicting values is false; of every other truth value it is true."""

TIME_IT_TOOK = re.compile(
    r"(recovered|recovery|duration|lasted)( (in|after|time))?( (min|mins|minutes|s|sec|seconds))"
)
SAID_BEFORE: Mapping[str, str] = {
    "size": "size of a ",
    "size cm": "size of a ",
    "duration": "for ",
    "since": "since ",
}
"""What a person would say before the value, so that it reads as a sentence does."""

READ_FROM_WORDS = frozenset(
    {"size_cm", "severity", "duration_days", "worse", "better", "same", "spreading", "recovered", "painful"}
)
"""What is read out of the words of any attribute; other attributes keep their text as it is."""

MILLIMETRES = frozenset({"size mm", "diameter mm", "tamano mm", "diametro mm"})
YES_WORDS = frozenset("yes y true present si oui sim positive positivo present presente 1".split())
NO_WORDS = frozenset(
    "no n false absent none non nao negative negativo ausente denied ninguno ninguna 0".split()
)
NUMBER = re.compile(r"\s*([<>~≈]?\s*\d+(?:[.,]\d+)?)\s*(cm|mm|x|days?|d[ií]as?)?\s*", re.IGNORECASE)


def attributes_of(value: Mapping[str, object]) -> dict[str, Attribute]:
    """The attributes of an object, by the names that rules read, sorted by name."""
    read: dict[str, Attribute] = {}
    for name, item in value.items():
        key, attribute = _attribute(name, item)
        if attribute is not None:
            read[key] = attribute if key not in read else more_cautious(key, read[key], attribute)
    for name, item in value.items():
        if isinstance(item, str):
            for key, attribute in _said_in_words(name, item).items():
                read[key] = attribute if key not in read else more_cautious(key, read[key], attribute)
    return dict(sorted(read.items()))


def _said_in_words(name: str, text: str) -> dict[str, Attribute]:
    """What a text says that rules read: "slowly improving" of a course, "like a fist" of a size, "2 weeks"."""
    phrase = f"{SAID_BEFORE.get(fold(name), '')}{text}"
    return {cue.name: cue.value for cue in measures_of(tokens_of(phrase)) if cue.name in READ_FROM_WORDS}


def more_cautious(key: str, one: Attribute, other: Attribute) -> Attribute:
    """The value that makes a case look worse, whichever comes first."""
    if isinstance(one, bool) and isinstance(other, bool):
        return (one and other) if key in SAFER_FALSE else (one or other)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return max(one, other)
    return min(one, other, key=lambda value: (isinstance(value, str), str(value)))


def joined(one: Mapping[str, Attribute], other: Mapping[str, Attribute]) -> dict[str, Attribute]:
    """Both sets of attributes; where they contradict each other, the more cautious value."""
    both = {**one, **other}
    for key in one.keys() & other.keys():
        both[key] = more_cautious(key, one[key], other[key])
    return dict(sorted(both.items()))


def _attribute(name: str, item: object) -> tuple[str, Attribute | None]:
    folded = fold(name)
    if TIME_IT_TOOK.fullmatch(folded):
        return "recovered", True if isinstance(item, int | float) and item is not False else None
    if folded == "outcome" and isinstance(item, str):
        return "recovered", NAMES.get(fold(item), fold(item)) == "recovered"
    key = "size_cm" if folded in MILLIMETRES else NAMES.get(folded, folded.replace(" ", "_"))
    if key in TRUTHS:
        return key, _truth(item)
    if isinstance(item, bool):
        return key, item
    number = _number(item) if isinstance(item, int | float) or key in SPOKEN else None
    if number is None:
        return key, item if isinstance(item, str) else None
    return key, number / 10 if folded in MILLIMETRES else number


def _truth(item: object) -> bool | None:
    if isinstance(item, bool):
        return item
    if isinstance(item, int | float):
        return item != 0
    word = fold(str(item))
    return True if word in YES_WORDS else False if word in NO_WORDS else None


def _number(item: object) -> float | None:
    if isinstance(item, int | float):
        return float(item) if math.isfinite(item) else None
    match = NUMBER.fullmatch(str(item))
    if match is None:
        return None
    value = float(match[1].lstrip("<>~≈ ").replace(",", "."))
    return value / 10 if (match[2] or "").lower() == "mm" else value
