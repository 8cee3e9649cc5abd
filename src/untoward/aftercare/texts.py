"""The texts for patients, by language. Every language has the same keys and the same words to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

LANGUAGES = ("en", "es", "pt", "fr")


@dataclass(frozen=True)
class Texts:
    """All texts of one language, as `section.key` to text (or to a list, for weekdays and months)."""

    language: str
    entries: Mapping[str, Any]

    def __call__(self, key: str, **filled: object) -> str:
        """The text of a key with its {words} filled in. Values are never read as texts with {words} of their own."""
        text = str(self.entries[key])
        return text.format(**filled) if filled else text

    def has(self, key: str) -> bool:
        """Whether there is a text of this key."""
        return key in self.entries

    def listed(self, key: str) -> tuple[str, ...]:
        """The list of a key, such as the weekdays."""
        return tuple(map(str, self.entries[key]))

    def section(self, name: str) -> Mapping[str, str]:
        """All plain texts of a section by key, for labels."""
        prefix = f"{name}."
        return {
            key.removeprefix(prefix): str(text)
            for key, text in self.entries.items()
            if key.startswith(prefix)
        }


@lru_cache(maxsize=len(LANGUAGES))
def texts_of(language: str) -> Texts:
    """The texts of a language. Raises KeyError when it is not one of `LANGUAGES`."""
    if language not in LANGUAGES:
        raise KeyError(language)
    path = resources.files("untoward.aftercare") / "texts" / f"{language}.yaml"
    return Texts(language, dict(_flat(yaml.safe_load(path.read_text(encoding="utf-8")))))


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
