"""Names as people type them: folding, and an index from any known name to one key.

Folding makes "Lipodissolve®", "LIPODISSOLVE" and "lipodissolve " the same text, and "PC/DC" the same as "pc-dc";
looking up "nódulos" also finds "nodulo". Nothing is guessed here: a name that is not in the index is
unknown, and `suggest` only offers candidates to a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

_NOT_WORD = re.compile(r"[^0-9a-z%+]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})
"""Letters that Unicode takes for letters of their own, and that people write either way ("œdème", "oedeme")."""
_PLURAL_ENDINGS = (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("ces", "z"), ("es", ""), ("s", ""))


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case, no accents, words parted by one space; `%` and `+` are kept because names need them."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", plain).strip()


def singular_forms(folded: str) -> Iterable[str]:
    """The folded text itself, then what its last or every word would be in the singular (English and Spanish)."""
    yield folded
    words = folded.split(" ")
    for ending, replacement in _PLURAL_ENDINGS:
        if words[-1].endswith(ending) and len(words[-1]) > len(ending) + 2:
            yield " ".join([*words[:-1], words[-1][: -len(ending)] + replacement])
    if len(words) > 1:
        yield " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)


@dataclass(frozen=True)
class NameIndex:
    """From any folded name to one key. Two keys may not share a name."""

    keys: Mapping[str, str]

    @classmethod
    def build(cls, names_by_key: Mapping[str, Iterable[str]]) -> NameIndex:
        """Index every name of every key.

        Raises ValueError listing each name that two keys claim, or that has no letter or digit to be found by.
        """
        keys: dict[str, str] = {}
        clashes: list[str] = []
        for key, names in names_by_key.items():
            for name in (key, *names):
                folded = fold(name)
                if not folded:
                    clashes.append(f"{name!r} of {key!r} has no letter or digit to be found by")
                elif keys.setdefault(folded, key) != key:
                    clashes.append(f"{name!r} is claimed by {keys[folded]!r} and {key!r}")
        if clashes:
            raise ValueError("; ".join(clashes))
        return cls(keys)

    def find(self, text: str) -> str | None:
        """The key of this name (any case, accents, singular or plural), or None when it is not known."""
        for form in singular_forms(fold(text)):
            if form in self.keys:
                return self.keys[form]
        return None

    def suggest(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Up to `limit` known names that look like this one, best first, for a "did you mean"."""
        from rapidfuzz import process  # imported here: only faulty input pays for it

        found = process.extract(fold(text), list(self.keys), limit=limit, score_cutoff=75)
        return tuple(name for name, _score, _index in found)
