"""Tokens that let clinics find persons in common without names.

Each clinic turns birth date, sex and names into tokens: HMAC-SHA-256 under a key that the clinics share and nobody
else has. Equal tokens mean equal identifiers. Several tokens per person, each forgiving another kind of slip:

=============  =========================================================================================
``names+sex``  all parts of the names in any order, birth date, sex
``names``      the same without sex
``first``      first given name and first family name in either order, birth date
``surname``    first given name with each single family name, birth date (double surnames shortened)
``letters``    2nd, 3rd and 5th letters of the family name, 2nd and 3rd of the given name, birth date, sex: the
               statistical linkage key SLK-581 (Australian Institute of Health and Welfare, METeOR 686238)
``turned``     as `first`, with day and month of birth in either order
=============  =========================================================================================

Identifiers come in, tokens go out; nothing here writes, prints or keeps them.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from untoward.model.names import fold

KINDS = ("names+sex", "names", "first", "surname", "letters", "turned")
"""Kinds of token, the most telling first."""

KEY_BYTES = 32
_VERSION = "untoward-link-1"
_PARTICLES = frozenset("de del la las los el da das do dos di van von der den du des le y e i".split())
_NOT_THERE = str.maketrans("", "", "'’‘`´ʼ·")
_PLAIN_LETTERS = str.maketrans(
    {
        "ı": "i",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ł": "l",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ŧ": "t",
        "ŋ": "n",
    }
)
"""Letters that no accent can be taken off, and that are written either way."""

_MALE, _FEMALE = (
    frozenset({"m", "male", "h", "hombre", "homme", "masculino", "homem", "1"}),
    frozenset({"f", "female", "mujer", "femme", "femenino", "mulher", "feminino", "2"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The identifiers of one person in one clinic. `local_id` is the clinic's own key of the person."""

    local_id: str
    given: str
    family: str
    birth_date: date | None
    sex: str | None

    def __repr__(self) -> str:
        return "Identity(…)"  # identifiers must not reach a log or a traceback by way of a value


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The tokens of one person: `record` stands for the clinic's own key, `tokens` are pairs of kind and token."""

    record: str
    tokens: tuple[tuple[str, str], ...]


def tokens_of(identity: Identity, key: bytes, clinic: str) -> Tokens:
    """The tokens of one person. Without a birth date or without any name there are none.

    Raises ValueError for a key of fewer than 32 bytes.
    """
    if len(key) < KEY_BYTES:
        raise ValueError(f"a key of {len(key)} bytes, expected at least {KEY_BYTES}")
    found = dict.fromkeys((kind, _sealed(key, kind, text)) for kind, text in _contents(identity))
    return Tokens(record=record_of(identity.local_id, key, clinic), tokens=tuple(found))


def record_of(local_id: str, key: bytes, clinic: str) -> str:
    """What stands for a clinic's own key of a person: of no use to whoever lacks the shared key."""
    return _sealed(key, "record", f"{clinic}\x1f{local_id}")[:24]


def _sealed(key: bytes, kind: str, text: str) -> str:
    return hmac.new(key, f"{_VERSION}\x1e{kind}\x1e{text}".encode(), hashlib.sha256).hexdigest()


def _contents(identity: Identity) -> Iterator[tuple[str, str]]:
    given, family = name_parts(identity.given), name_parts(identity.family)
    born, sex = identity.birth_date, sex_letter(identity.sex)
    if born is None or not (given or family):
        return
    day = born.isoformat()
    everything = " ".join(sorted([*given, *family]))
    if len(given) + len(family) > 1:
        if sex:
            yield "names+sex", f"{everything}|{day}|{sex}"
        yield "names", f"{everything}|{day}"
    if not given or not family:
        return
    first = " ".join(sorted([given[0], family[0]]))
    yield "first", f"{first}|{day}"
    yield from (("surname", f"{given[0]}|{surname}|{day}") for surname in family)
    if sex:
        yield "letters", f"{slk_letters(''.join(family), ''.join(given))}|{day}|{sex}"
    yield "turned", f"{first}|{born.year}|{min(born.day, born.month)}|{max(born.day, born.month)}"


def name_parts(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, without accents, signs and particles ("de la", "van"), in order.

    Letters of any script count. A name of particles alone keeps them.
    """
    closed = name.translate(_NOT_THERE).casefold().translate(_PLAIN_LETTERS)
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", closed) if not unicodedata.combining(letter)
    )
    words = "".join(letter if letter.isalpha() else " " for letter in bare.translate(_NOT_THERE)).split()
    kept = tuple(word for word in words if word not in _PARTICLES)
    return kept or tuple(words)


def sex_letter(sex: str | None) -> str:
    """F or m; empty for anything else, which is then not known."""
    folded = fold(sex or "")
    return "m" if folded in _MALE else "f" if folded in _FEMALE else ""


def slk_letters(family: str, given: str) -> str:
    """The five letters of SLK-581, with 2 where a name is too short."""
    return "".join(
        [*(_letter(family, place) for place in (2, 3, 5)), *(_letter(given, place) for place in (2, 3))]
    )


def _letter(name: str, place: int) -> str:
    return name[place - 1] if len(name) >= place else "2"


def without_tokens(identities: Iterable[Identity]) -> dict[str, int]:
    """How many persons get no token, each counted once, by what is lacking."""
    lacking = {"birth date": 0, "given and family name": 0}
    for identity in identities:
        if identity.birth_date is None:
            lacking["birth date"] += 1
        elif not any(_contents(identity)):
            lacking["given and family name"] += 1
    return {what: number for what, number in lacking.items() if number}
