"""The short way to type places: "ckl .1, forehead 4x0.1, nl both 0.05 sc @B".

Items are parted by a comma, a semicolon or a new line. Each is a zone (its short name, its name or the beginnings of its
words), then if wanted how often ("4x"), the volume in ml, the depth (id, sc, im, sp) and the mix ("@B"). A volume, depth or
mix that is not given is that of the item before. A zone that is on both sides needs l, r or both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from untoward.errors import Fault
from untoward.model.names import fold
from untoward.tasks.record.drafts import PointDraft
from untoward.web.body.map import ZONES, Zone

DEPTH_WORDS = {"id": "intradermal", "sc": "subcutaneous", "im": "intramuscular", "sp": "supraperiosteal"}
MOST_IN_ONE = 60
_BETWEEN = re.compile(r"[;\n]+|,(?!\d)")
_ITEM = re.compile(
    r"(?P<zone>[^\d@.,×*]*?)\s*(?:\b(?P<count>\d{1,2})\s*[x×*]\s*)?(?P<ml>\d*[.,]?\d+)?\s*(?:ml)?\s*"
    r"(?:\b(?P<depth>id|sc|im|sp))?\s*(?:@\s*(?P<mix>[A-Za-z]))?",
    re.IGNORECASE,
)
_SIDE_WORDS = {"l": "left", "r": "right", "b": "both", "left": "left", "right": "right", "both": "both",
               "izq": "left", "izquierda": "left", "izquierdo": "left", "der": "right", "derecha": "right",
               "derecho": "right", "ambos": "both", "ambas": "both"}  # fmt: skip


def read_points(text: str, usual: PointDraft) -> tuple[list[PointDraft], list[Fault]]:
    """The points of a line and what could not be read of it; `usual` says mix, volume and depth until an item does."""
    points: list[PointDraft] = []
    faults: list[Fault] = []
    for item in (part.strip() for part in _BETWEEN.split(text)):
        if not item:
            continue
        found = _read(item, usual)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            points += found
            usual = found[-1]
    return points, faults


def _read(item: str, usual: PointDraft) -> list[PointDraft] | Fault:
    match = _ITEM.fullmatch(item)
    if match is None:
        return _fault(_("cannot be read"), item, _("a zone and a volume, such as forehead 0.1"))
    zones = find_zones(match["zone"])
    if len({zone.name for zone in zones}) != 1:
        return _unclear(match["zone"] or item, zones)
    both = "both" in _said_sides(match["zone"])[1]
    if len(zones) > 1 and not both:
        return _fault(
            _("is on both sides"),
            item,
            _("%(label)s · %(label2)s · both") % {"label": zones[0].label, "label2": zones[1].label},
        )
    count = int(match["count"] or 1)
    if not 1 <= count <= MOST_IN_ONE:
        return _fault(_("is too often"), item, _("1 to %(most_in_one)s times") % {"most_in_one": MOST_IN_ONE})
    made = replace(
        usual,
        mix=(match["mix"] or usual.mix).upper(),
        volume_ml=usual.volume_ml if match["ml"] is None else float(match["ml"].replace(",", ".")),
        depth=DEPTH_WORDS.get((match["depth"] or "").lower(), usual.depth),
        x=None,
        y=None,
    )
    return [replace(made, view=zone.view, zone=zone.key) for zone in zones for _time in range(count)]


def find_zones(text: str) -> list[Zone]:
    """The zones a text can mean: one, the two sides of one, several when it is unclear, none when nothing is like it."""
    folded = fold(text)
    exact = _exactly(get_language() or "en").get(folded)
    if exact:
        return list(exact)
    words, sides = _said_sides(text)
    if not words:
        return []
    fitting = [
        zone
        for zone in _one_each()
        if (not sides or "both" in sides or zone.side in sides) and _begins(words, zone)
    ]
    whole = [zone for zone in fitting if fold(_(zone.name)) == " ".join(words)]
    return whole or fitting


def _said_sides(text: str) -> tuple[list[str], set[str]]:
    """The words of a text without those that name a side, and the sides; a short name may end in its side ("ckb")."""
    words = fold(text).split()
    sides = {_SIDE_WORDS[word] for word in words if word in _SIDE_WORDS}
    words = [word for word in words if word not in _SIDE_WORDS]
    if len(words) == 1 and not sides and words[0][:-1] in _paired_shorts() and words[0].endswith("b"):
        return [words[0][:-1]], {"both"}
    return words, sides


def _begins(words: list[str], zone: Zone) -> bool:
    """Whether every word typed begins a word of the zone's names, or is its short name."""
    if words == [zone.short.removesuffix(zone.side[:1])] or words == [zone.short]:
        return True
    for names in (fold(zone.label), fold(zone.name), fold(zone.key)):
        left = names.split()
        hits = [next((name for name in left if name.startswith(word)), None) for word in words]
        if all(hits):
            return True
    return False


@lru_cache(maxsize=1)
def _one_each() -> tuple[Zone, ...]:
    """Each zone once: in the first view that shows it."""
    return tuple({zone.key: zone for zone in reversed(ZONES)}.values())[::-1]


@lru_cache(maxsize=1)
def _paired_shorts() -> frozenset[str]:
    return frozenset(zone.short[:-1] for zone in ZONES if zone.side)


@lru_cache(maxsize=4)
def _exactly(_language: str) -> dict[str, tuple[Zone, ...]]:
    index: dict[str, tuple[Zone, ...]] = {}
    for zone in _one_each():
        for name in (zone.short, zone.key, zone.label):
            index.setdefault(fold(name), (zone,))
    return index


def _unclear(said: str, zones: list[Zone]) -> Fault:
    if not zones:
        return _fault(_("is no zone"), said, _("a name or short name from the list of zones"))
    names: Iterator[str] = iter(dict.fromkeys(zone.label for zone in zones))
    some = [name for name, _number in zip(names, range(4), strict=False)]
    return _fault(_("can be several zones"), said, " · ".join(some))


def _fault(what: str, got: str, expected: str) -> Fault:
    return Fault(what=what, field="places", got=f"“{got.strip()[:40]}”", expected=expected)
