"""The eight views with all their zones, ready to be drawn, listed and looked up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from untoward.web.body import head, trunk
from untoward.web.body.shapes import Corner, both_halves, middle, mirrored, smooth_path

WIDTH = 200.0
HEAD_HEIGHT, BODY_HEIGHT = 260.0, 480.0
STEP = 6.0
"""Between points of one zone that have no place of their own."""

_SIDES = {"left": gettext_noop("left"), "right": gettext_noop("right")}


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A named part of a view. `side` is the patient's own; `short` is what one types; `site` what a registry calls it."""

    view: str
    key: str
    name: str
    side: str
    site: str
    short: str
    corners: tuple[Corner, ...]
    height: float

    @property
    def label(self) -> str:
        """The name in the reader's language, with the side."""
        return f"{_(self.name)}, {_(_SIDES[self.side])}" if self.side else _(self.name)

    @cached_property
    def path(self) -> str:
        """The SVG path of its shape."""
        return smooth_path(self.corners, 0.12)

    @cached_property
    def centre(self) -> Corner:
        """Its middle, in units of the view."""
        x, y = middle(self.corners)
        return round(x, 1), round(y, 1)


@dataclass(frozen=True, kw_only=True)
class View:
    """One drawing: its outline, the lines that make it readable, and its zones in the order of reading.

    The lines of a `turned` view are those of its mirror image and are turned when drawn.
    """

    key: str
    name: str
    height: float
    outline: str
    features: tuple[str, ...]
    zones: tuple[Zone, ...]
    turned: bool = False

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return _(self.name)


def _row_zones(
    view: str, rows: Iterable[head.Row], side: str, height: float, *, flip: bool = False
) -> Iterator[Zone]:
    for key, name, site, short, corners in rows:
        yield Zone(
            view=view,
            key=f"{key}-{side}" if side else key,
            name=name,
            side=side,
            site=site,
            short=short + side[:1],
            corners=mirrored(corners, WIDTH) if flip else corners,
            height=height,
        )


def _symmetric(
    key: str, name: str, half: tuple[Corner, ...], features: tuple[str, ...],
    centre: tuple[head.Row, ...], sides: tuple[head.Row, ...], height: float, *, viewer_right: str,
) -> View:  # fmt: skip
    """A view that is its own mirror image; `viewer_right` says which of the patient's sides is at the viewer's right."""
    other = "right" if viewer_right == "left" else "left"
    zones = [
        *_row_zones(key, centre, "", height),
        *_row_zones(key, sides, viewer_right, height),
        *_row_zones(key, sides, other, height, flip=True),
    ]
    zones.sort(key=lambda zone: (round(zone.centre[1] / 12), zone.centre[0]))
    outline = smooth_path(both_halves(half, WIDTH))
    return View(key=key, name=name, height=height, outline=outline, features=features, zones=tuple(zones))


def _profile(
    key: str, name: str, outline: tuple[Corner, ...], features: tuple[str, ...], rows: tuple[head.Row, ...],
    height: float, side: str,
) -> View:  # fmt: skip
    """A view from the side; the patient's right is the mirror image of the left."""
    flip = side == "right"
    unpaired = {"nose", "chin", "submental"}
    zones = [
        *_row_zones(key, [row for row in rows if row[0] in unpaired], "", height, flip=flip),
        *_row_zones(key, [row for row in rows if row[0] not in unpaired], side, height, flip=flip),
    ]
    zones.sort(key=lambda zone: (round(zone.centre[1] / 12), zone.centre[0]))
    path = smooth_path(mirrored(outline, WIDTH) if flip else outline)
    return View(
        key=key, name=name, height=height, outline=path, features=features, zones=tuple(zones), turned=flip
    )


def _all_views() -> Iterator[View]:
    _n = gettext_noop
    yield _symmetric("face-front", _n("Face, front"), head.FRONT_OUTLINE, head.FRONT_FEATURES, head.FRONT_MIDDLE,
                     head.FRONT_SIDES, HEAD_HEIGHT, viewer_right="left")  # fmt: skip
    face = head.SIDE_OUTLINE, head.SIDE_FEATURES, head.SIDE_ROWS, HEAD_HEIGHT
    yield _profile("face-left", _n("Face, left"), *face, "left")
    yield _profile("face-right", _n("Face, right"), *face, "right")
    yield _symmetric("scalp", _n("Scalp, from above"), head.SCALP_OUTLINE, head.SCALP_FEATURES, head.SCALP_MIDDLE,
                     head.SCALP_SIDES, HEAD_HEIGHT, viewer_right="right")  # fmt: skip
    yield _symmetric("body-front", _n("Body, front"), trunk.OUTLINE, trunk.FRONT_FEATURES, trunk.FRONT_MIDDLE,
                     trunk.FRONT_SIDES, BODY_HEIGHT, viewer_right="left")  # fmt: skip
    yield _symmetric("body-back", _n("Body, back"), trunk.OUTLINE, trunk.BACK_FEATURES, trunk.BACK_MIDDLE,
                     trunk.BACK_SIDES, BODY_HEIGHT, viewer_right="right")  # fmt: skip
    body = trunk.SIDE_OUTLINE, trunk.SIDE_FEATURES, trunk.SIDE_ROWS, BODY_HEIGHT
    yield _profile("body-left", _n("Body, left"), *body, "left")
    yield _profile("body-right", _n("Body, right"), *body, "right")


VIEWS: Mapping[str, View] = {view.key: view for view in _all_views()}
ZONES: tuple[Zone, ...] = tuple(zone for view in VIEWS.values() for zone in view.zones)
_BY_SPOT = {f"{zone.view}/{zone.key}": zone for zone in ZONES}
_BY_KEY = {zone.key: zone for zone in reversed(ZONES)}


def view_of(key: str) -> View | None:
    """The view of this name, or None."""
    return VIEWS.get(key)


def zone_of(view: str, key: str) -> Zone | None:
    """The zone of a view, or None."""
    return _BY_SPOT.get(f"{view}/{key}")


def zone_label(view: str, key: str) -> str:
    """What people call a zone; a zone of an older map under its own key, a free point as such."""
    found = zone_of(view, key) or _BY_KEY.get(key)
    if found is not None:
        return found.label
    return key.replace("-", " ") if key else _("free point")


def spot_of(view: str, key: str, x: float | None, y: float | None, nth: int = 0) -> Corner | None:
    """Where to draw a point, in units of its view; None when nobody can tell.

    Points of one zone without a place of their own are set side by side: `nth` is how many stand there already.
    """
    drawn, zone = VIEWS.get(view), zone_of(view, key)
    if drawn is not None and x is not None and y is not None:
        return x * WIDTH, y * drawn.height
    if zone is None:
        return None
    across, down = zone.centre
    return across + (0, 1, -1)[nth % 3] * STEP, down + nth // 3 * STEP


def sites_of(places: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The sites of points given as view and zone, as the tables of a registry call them, each once."""
    sites = []
    for view, key in places:
        zone = zone_of(view, key) or _BY_KEY.get(key)
        sites.append(zone.site if zone else view.partition("-")[0])
    return tuple(dict.fromkeys(sites))
