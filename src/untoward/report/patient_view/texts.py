"""The texts of a patient's page, by language. Every language has the same keys and the same words to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from untoward.aftercare.texts import LANGUAGES, Texts


@lru_cache(maxsize=len(LANGUAGES))
def view_texts(language: str) -> Texts:
    """The texts of a language. Raises KeyError when it is not one of `LANGUAGES`."""
    if language not in LANGUAGES:
        raise KeyError(language)
    tree = read_yaml(f"texts/{language}.yaml")
    return Texts(language, dict(_flat(tree)))


def read_yaml(path: str) -> Mapping[str, Any]:
    """A data file of this package."""
    file = resources.files("untoward.report.patient_view").joinpath(*path.split("/"))
    content: Mapping[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content


def _flat(tree: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for section, value in tree.items():
        if isinstance(value, str):
            yield section, value
        else:
            yield from ((f"{section}.{key}", text) for key, text in value.items())
