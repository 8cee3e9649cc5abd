"""What ties evidence records to texts for patients (`topics.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One piece of advice, with the records it rests on and the lengths that are advised, in days."""

    key: str
    records: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    days: int | None = None
    said: tuple[int, ...] = ()
    places: tuple[str, ...] = ()
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One sign that needs help. `only_for` names when it may be left out; None is always shown."""

    key: str
    records: tuple[str, ...]
    only_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimText:
    """Which text says a claim, which says why it has its state (None: what the state means), and where it was tested."""

    text: str
    why: str | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topics:
    """Everything of `topics.yaml`."""

    advice: tuple[Topic, ...]
    unshown: tuple[Topic, ...]
    emergency: tuple[Sign, ...]
    same_day: tuple[Sign, ...]
    claims: Mapping[str, ClaimText]
    rest: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - YAML holds anything
        return self.rest[name]

    def record_keys(self) -> Iterator[str]:
        """Every evidence record that is named, so that a test can look for each."""
        for topic in (*self.advice, *self.unshown):
            yield from (*topic.records, *topic.warnings, *topic.supports)
        for sign in (*self.emergency, *self.same_day):
            yield from sign.records
        late = self["late"]
        yield from (*late["records"], *late["antibiotic"], *self["infections"], *self["left_out"])


@lru_cache(maxsize=1)
def topics() -> Topics:
    """The topics that come with the package."""
    path = resources.files("untoward.aftercare") / "topics.yaml"
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Topics(
        advice=tuple(_topic(key, item) for key, item in tree.pop("advice").items()),
        unshown=tuple(_topic(key, item) for key, item in tree.pop("unshown").items()),
        emergency=tuple(_sign(key, item) for key, item in tree.pop("emergency").items()),
        same_day=tuple(_sign(key, item) for key, item in tree.pop("same_day").items()),
        claims={claim: _claim(item) for claim, item in tree.pop("claims").items()},
        rest=tree,
    )


def _topic(key: str, item: Mapping[str, Any]) -> Topic:
    return Topic(key=key, **{name: _frozen(value) for name, value in item.items()})


def _sign(key: str, item: Mapping[str, Any]) -> Sign:
    return Sign(key=key, records=tuple(item["records"]), only_for=item.get("for"))


def _claim(item: Mapping[str, Any]) -> ClaimText:
    return ClaimText(**{name: _frozen(value) for name, value in item.items()})


def _frozen(value: Any) -> Any:  # noqa: ANN401 - YAML holds anything
    return tuple(value) if isinstance(value, list) else value
