"""The columns of the tables that a scan reads, and the headers that they go by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from untoward.model.tables import Column, ColumnKind, Table

_PLACE = Column(
    name="place",
    kind=ColumnKind.KEY,
    required=True,
    aliases=(
        "place id", "location", "location id", "area", "area id", "region", "county", "district", "tract", "municipality",
        "postcode", "postal code", "zip", "zip code", "zipcode", "city", "town", "clinic", "ward", "lugar", "municipio",
        "codigo postal", "node", "node id", "leaf",
    ),
    description="Key of the place, written alike in every table.",
)  # fmt: skip
_DATE = Column(
    name="date",
    kind=ColumnKind.DATE,
    aliases=(
        "onset",
        "onset date",
        "date of onset",
        "case date",
        "day",
        "month",
        "week",
        "year",
        "time",
        "fecha",
    ),
    description="When: a day, a month or a year.",
)
_CASES = Column(
    name="cases",
    kind=ColumnKind.NUMBER,
    minimum=0,
    aliases=("count", "n", "case count", "number of cases", "observed", "casos"),
    description="How many cases: a whole number.",
)
_POPULATION = Column(
    name="population",
    kind=ColumnKind.NUMBER,
    minimum=0,
    aliases=("pop", "persons", "people", "at risk", "treated", "sessions", "exposed", "poblacion"),
    description="How many were at risk.",
)

CASES = Table(
    name="cases",
    row="one case, or the cases of one place (and date)",
    key=(),
    columns=(
        _PLACE,
        _CASES,
        _DATE,
        Column(
            name="reported",
            kind=ColumnKind.DATE,
            aliases=("reported on", "report date", "date reported", "notified", "date notified"),
            description="When it became known; --as-of goes by it.",
        ),
        Column(
            name="case_id",
            kind=ColumnKind.KEY,
            aliases=("case id", "reaction id", "patient id", "session id", "id"),
            description="Key of the case, in a table with a row for each.",
        ),
    ),
)
LEAVES = Table(
    name="cases",
    row="the cases of one leaf of the tree",
    key=("place",),
    columns=(_PLACE, _CASES, _POPULATION),
)
CONTROLS = Table(
    name="controls",
    row="one person without the illness, or those of one place",
    key=(),
    columns=(
        _PLACE,
        Column(
            name="cases",
            kind=ColumnKind.NUMBER,
            minimum=0,
            aliases=("controls", "count", "n", "number of controls", "controles"),
            description="How many controls: a whole number.",
        ),
        _DATE,
    ),
)
POPULATION = Table(
    name="population",
    row="the people at risk of one place (in one year, of one group)",
    key=(),
    columns=(
        _PLACE,
        Column(
            name="population",
            kind=ColumnKind.NUMBER,
            required=True,
            minimum=0,
            aliases=_POPULATION.aliases,
            description="How many were at risk.",
        ),
        Column(
            name="date",
            kind=ColumnKind.DATE,
            aliases=("year", "census", "census year", "month", "day", "fecha", "ano"),
            description="When this was the population; between two such dates it is taken to change evenly.",
        ),
    ),
)
COORDINATES = Table(
    name="coordinates",
    row="one place",
    key=("place",),
    columns=(
        _PLACE,
        Column(
            name="latitude", kind=ColumnKind.NUMBER, unit="degrees", aliases=("lat", "latitud"),
            description="Degrees north; south is negative.",
        ),
        Column(
            name="longitude", kind=ColumnKind.NUMBER, unit="degrees", aliases=("lon", "long", "lng", "longitud"),
            description="Degrees east; west is negative.",
        ),
        Column(name="x", kind=ColumnKind.NUMBER, aliases=("easting", "x coordinate", "x km"), description="On a flat map."),
        Column(name="y", kind=ColumnKind.NUMBER, aliases=("northing", "y coordinate", "y km"), description="On a flat map."),
    ),
)  # fmt: skip
TREE = Table(
    name="tree",
    row="one node and the node above it",
    key=(),
    columns=(
        Column(
            name="node",
            kind=ColumnKind.KEY,
            required=True,
            aliases=("leaf", "child", "node id"),
            description="Key of the node.",
        ),
        Column(
            name="parent",
            kind=ColumnKind.KEY,
            aliases=("parent id", "parent node", "above"),
            description="Key of the node above it; empty for a root.",
        ),
    ),
)

PLAIN_ORDER: Mapping[str, tuple[str, ...]] = {
    "cases": ("place", "cases", "date"),
    "leaves": ("place", "cases", "population"),
    "controls": ("place", "cases", "date"),
    "population": ("place", "date", "population"),
    "tree": ("node", "parent"),
}
"""What stands where in files without a header; coordinates depend on the axes, and further columns are categories."""


def with_categories(table: Table, categories: Sequence[str]) -> Table:
    """The table with a required text column for each category."""
    more = tuple(
        Column(name=name, kind=ColumnKind.TEXT, required=True, description=f"The {name} group.")
        for name in categories
    )
    return Table(name=table.name, row=table.row, key=table.key, columns=(*table.columns, *more))
