"""What patients read on check-in pages and in messages, by language. Every language has the same keys and words to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from untoward.aftercare.days import Days
from untoward.aftercare.texts import LANGUAGES, Texts, texts_of
from untoward.registry.models import Clinic

FALLBACK = "en"


def language_or(*wanted: str | None) -> str:
    """The first of these languages that there are texts in, else English."""
    return next((one for one in wanted if one in LANGUAGES), FALLBACK)


@lru_cache(maxsize=len(LANGUAGES))
def check_in_texts(language: str) -> Texts:
    """The texts of a language. Raises KeyError when it is not one of `LANGUAGES`."""
    if language not in LANGUAGES:
        raise KeyError(language)
    file = resources.files("untoward.tasks.record") / "check_in_texts" / f"{language}.yaml"
    return Texts(language, dict(_flat(yaml.safe_load(file.read_text(encoding="utf-8")), "")))


def said_date(at: datetime, clinic: Clinic, language: str) -> str:
    """A day at the clinic, as in "Thursday 14 May 2026"."""
    return Days(texts_of(language), None).full(at.astimezone(zone_of(clinic)).date())


def said_time(at: datetime, clinic: Clinic, language: str) -> str:
    """A moment at the clinic, as in "Thursday 14 May 2026, 18:00"."""
    return f"{said_date(at, clinic, language)}, {at.astimezone(zone_of(clinic)):%H:%M}"


def zone_of(clinic: Clinic) -> ZoneInfo:
    """The clinic's time zone; UTC where the name it was given is none."""
    try:
        return ZoneInfo(clinic.time_zone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def _flat(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
