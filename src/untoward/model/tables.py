"""The tables of a registry, column by column. Readers, templates, checks, docs and the simulator all read
this.

Text columns are kept as given. What a reader derives (a resolved compound key, a decimal day) goes into the
columns marked `derived`, beside what was given, never over it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import polars as pl


class ColumnKind(Enum):
    """How the text of a column is read."""

    KEY = "key"
    TEXT = "text"
    LIST = "list"  # several values in one cell, parted by ";"
    NUMBER = "number"
    COUNT = "count"
    YES_NO = "yes/no"
    DATE = "date"  # ISO 8601, partial allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    `aliases` are other headers it is recognised by; `unit` is fixed and part of the meaning.
    """

    name: str
    kind: ColumnKind
    description: str
    required: bool = False
    unit: str = ""
    aliases: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    derived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its name, what one row is, its key columns and its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of this name; raises KeyError when the table has none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns without which the table cannot be read."""
        return tuple(column.name for column in self.columns if column.required)


_K, _T, _L, _N, _C, _Y, _D = ColumnKind

SESSIONS = Table(
    name="sessions",
    row="one visit in which injections were given",
    key=("session_id",),
    columns=(
        Column(
            name="session_id",
            kind=_K,
            required=True,
            aliases=("session", "visit", "visit id", "id sesion", "sesion"),
            description="Key of the session, unique in the table.",
        ),
        Column(
            name="patient_id",
            kind=_K,
            required=True,
            aliases=("patient", "client", "person", "paciente", "id paciente"),
            description="Key of the person; never a name.",
        ),
        Column(
            name="date",
            kind=_D,
            required=True,
            aliases=("session date", "visit date", "treatment date", "fecha"),
            description="Day (and time, if known) of the session: day 0 of its reactions.",
        ),
        Column(
            name="clinic",
            kind=_T,
            aliases=("centre", "center", "site name", "clinica", "centro"),
            description="Where it was done.",
        ),
        Column(name="city", kind=_T, aliases=("town", "ciudad"), description="City of the clinic."),
        Column(
            name="region",
            kind=_T,
            aliases=("state", "province", "provincia"),
            description="Region of the clinic.",
        ),
        Column(
            name="practitioner",
            kind=_T,
            aliases=("injector", "doctor", "nurse", "provider", "profesional"),
            description="Key of who injected.",
        ),
        Column(
            name="technique",
            kind=_T,
            aliases=("method", "procedure", "tecnica"),
            description="Mesotherapy, injection lipolysis, filler, …",
        ),
        Column(
            name="route",
            kind=_T,
            aliases=("plane", "depth", "via"),
            description="Intradermal, subcutaneous, …",
        ),
        Column(
            name="sites",
            kind=_L,
            aliases=("site", "body site", "area", "zona", "zonas"),
            description="Where on the body; several parted by ';'.",
        ),
        Column(name="setting", kind=_T, aliases=("place", "lugar"), description="Clinic, spa, home, …"),
        Column(
            name="licensed",
            kind=_Y,
            aliases=("licensed injector", "con licencia"),
            description="Whether the injector was licensed to do this.",
        ),
        Column(
            name="age",
            kind=_N,
            unit="year",
            minimum=0,
            maximum=125,
            aliases=("age years", "edad"),
            description="Age of the person at the session.",
        ),
        Column(name="sex", kind=_T, aliases=("gender", "sexo"), description="F, M or as recorded."),
        Column(
            name="weight_kg",
            kind=_N,
            unit="kg",
            minimum=0.3,
            maximum=400,
            aliases=("weight", "peso"),
            description="Body weight.",
        ),
        Column(
            name="pregnant",
            kind=_Y,
            aliases=("pregnancy", "embarazada"),
            description="Pregnant at the session.",
        ),
        Column(
            name="history",
            kind=_L,
            aliases=("medical history", "antecedentes"),
            description="Conditions, parted by ';'.",
        ),
        Column(
            name="allergies",
            kind=_L,
            aliases=("allergy", "alergias"),
            description="Known allergies, parted by ';'.",
        ),
        Column(
            name="medicines",
            kind=_L,
            aliases=("medication", "drugs", "medicamentos"),
            description="Medicines taken, parted by ';'.",
        ),
        Column(
            name="date_from", kind=_D, derived=True, description="First instant the session date can mean."
        ),
        Column(name="date_to", kind=_D, derived=True, description="First instant after all it can mean."),
    ),
)

COMPONENTS = Table(
    name="components",
    row="one compound, from one vial of one lot, in one syringe of one session",
    key=(),
    columns=(
        Column(
            name="session_id",
            kind=_K,
            required=True,
            aliases=("session", "visit", "visit id", "id sesion", "sesion"),
            description="The session it was given in.",
        ),
        Column(
            name="compound",
            kind=_T,
            required=True,
            aliases=(
                "substance",
                "drug",
                "ingredient",
                "product name",
                "sustancia",
                "compuesto",
                "medicamento",
            ),
            description="Name as the clinic writes it; resolved through names, synonyms and brands.",
        ),
        Column(
            name="amount",
            kind=_N,
            minimum=0,
            aliases=("dose", "dosis", "cantidad"),
            description="Amount given, in `unit`.",
        ),
        Column(
            name="unit",
            kind=_T,
            aliases=("dose unit", "unidad"),
            description="Unit of the amount: mg, ug, iu, ml, …",
        ),
        Column(
            name="volume_ml",
            kind=_N,
            unit="ml",
            minimum=0,
            maximum=1000,
            aliases=("volume", "ml", "volumen", "volumen ml"),
            description="Volume given.",
        ),
        Column(
            name="percent",
            kind=_N,
            unit="percent",
            minimum=0,
            maximum=100,
            aliases=("strength", "concentration", "concentracion"),
            description="Strength in g per 100 ml.",
        ),
        Column(
            name="product",
            kind=_T,
            aliases=("brand", "marca", "producto"),
            description="Product or brand on the pack.",
        ),
        Column(
            name="lot",
            kind=_T,
            aliases=("batch", "lot number", "batch number", "lote"),
            description="Lot number on the pack.",
        ),
        Column(
            name="vial",
            kind=_T,
            aliases=("vial id", "bottle", "ampoule", "frasco"),
            description="Key of the vial it was drawn from.",
        ),
        Column(
            name="mix",
            kind=_T,
            aliases=("syringe", "cocktail", "mezcla", "jeringa"),
            description="Key of the syringe, unique within the session; empty when all shared one.",
        ),
        Column(
            name="diluent", kind=_T, aliases=("diluent lot", "diluyente"), description="Lot of the diluent."
        ),
        Column(
            name="device",
            kind=_T,
            aliases=("gun", "injector device", "dispositivo"),
            description="Device used.",
        ),
        Column(
            name="supplier",
            kind=_T,
            aliases=("vendor", "distributor", "wholesaler", "pharmacy", "proveedor", "farmacia"),
            description="Who delivered the pack: wholesaler or compounding pharmacy.",
        ),
        Column(
            name="compound_key",
            kind=_K,
            derived=True,
            description="Key of the compound; empty when the name is not known.",
        ),
    ),
)

REACTIONS = Table(
    name="reactions",
    row="one untoward occurrence after a session, as one term",
    key=("reaction_id",),
    columns=(
        Column(
            name="reaction_id",
            kind=_K,
            required=True,
            aliases=("reaction", "event id", "case id", "id reaccion"),
            description="Key of the reaction, unique in the table.",
        ),
        Column(
            name="session_id",
            kind=_K,
            required=True,
            aliases=("session", "visit", "visit id", "id sesion", "sesion"),
            description="The last session before the reaction.",
        ),
        Column(
            name="term",
            kind=_T,
            required=True,
            aliases=("event", "reaction term", "adverse event", "symptom", "reaccion", "evento"),
            description="What happened; resolved through the term list.",
        ),
        Column(
            name="onset_date",
            kind=_D,
            aliases=("onset", "date of onset", "inicio", "fecha de inicio"),
            description="When it began, as precise as known.",
        ),
        Column(
            name="onset_day",
            kind=_N,
            unit="day",
            minimum=0,
            maximum=36500,
            aliases=("days to onset", "dia de inicio"),
            description="Days from the session to its beginning.",
        ),
        Column(
            name="resolved_date",
            kind=_D,
            aliases=("end date", "resolution date", "fecha de fin"),
            description="When it was over.",
        ),
        Column(
            name="resolved_day",
            kind=_N,
            unit="day",
            minimum=0,
            maximum=36500,
            aliases=("duration to resolution", "dia de fin"),
            description="Days from the session until it was over.",
        ),
        Column(
            name="outcome",
            kind=_T,
            aliases=("result", "desenlace"),
            description="Recovered, recovering, not recovered, …",
        ),
        Column(
            name="outbreak",
            kind=_T,
            aliases=("known outbreak", "outbreak id", "brote"),
            description="Known outbreak that this reaction has already been counted to.",
        ),
        Column(
            name="patient_id",
            kind=_K,
            aliases=("patient", "client", "person", "paciente"),
            description="Key of the person; taken from the session when absent.",
        ),
        Column(
            name="term_id",
            kind=_K,
            derived=True,
            description="Id of the term; empty when the name is not known.",
        ),
        Column(
            name="onset_day_from",
            kind=_N,
            derived=True,
            unit="day",
            description="Earliest day of onset that the dates allow.",
        ),
        Column(
            name="onset_day_to",
            kind=_N,
            derived=True,
            unit="day",
            description="Latest day of onset that the dates allow.",
        ),
        Column(
            name="resolved_day_to",
            kind=_N,
            derived=True,
            unit="day",
            description="Latest day it can have been over.",
        ),
    ),
)

OBSERVATIONS = Table(
    name="observations",
    row="what was seen of one reaction at one time; further columns named like terms are findings",
    key=(),
    columns=(
        Column(
            name="reaction_id",
            kind=_K,
            required=True,
            aliases=("reaction", "event id", "case id", "id reaccion"),
            description="The reaction that was looked at.",
        ),
        Column(
            name="date",
            kind=_D,
            aliases=("observation date", "seen on", "fecha"),
            description="When it was seen.",
        ),
        Column(
            name="day",
            kind=_N,
            unit="day",
            minimum=0,
            maximum=36500,
            aliases=("days since session", "dia"),
            description="Days from the session; used instead of a date.",
        ),
        Column(
            name="text",
            kind=_T,
            aliases=("note", "notes", "description", "texto", "nota"),
            description="Free words.",
        ),
        Column(
            name="present",
            kind=_Y,
            aliases=("still present", "presente"),
            description="Whether the reaction was still there.",
        ),
        Column(
            name="count",
            kind=_C,
            minimum=0,
            aliases=("number", "cuantos", "numero"),
            description="How many (nodules, ulcers …).",
        ),
        Column(
            name="size_cm",
            kind=_N,
            unit="cm",
            minimum=0,
            maximum=100,
            aliases=("size", "diameter", "tamano"),
            description="Largest diameter.",
        ),
        Column(
            name="severity", kind=_T, aliases=("grade", "gravedad"), description="Mild, moderate, severe."
        ),
        Column(name="painful", kind=_Y, aliases=("doloroso",), description="Whether it hurts."),
        Column(
            name="spreading",
            kind=_Y,
            aliases=("growing", "extending", "se extiende"),
            description="Whether it is growing.",
        ),
        Column(
            name="day_from",
            kind=_N,
            derived=True,
            unit="day",
            description="Earliest day that the dates allow.",
        ),
        Column(
            name="day_to", kind=_N, derived=True, unit="day", description="Latest day that the dates allow."
        ),
    ),
)

LINE_LIST = Table(
    name="line-list",
    row="one person (or `count` alike persons), ill or not; every further column is an exposure",
    key=(),
    columns=(
        Column(
            name="count",
            kind=_C,
            minimum=1,
            aliases=("n", "number of people", "number of persons", "frequency", "numero de personas"),
            description="How many persons this row stands for; 1 when absent.",
        ),
        Column(
            name="ill",
            kind=_Y,
            required=True,
            aliases=("case", "sick", "reaction", "infected", "enfermo", "caso"),
            description="Whether the person fell ill by the case definition.",
        ),
        Column(
            name="onset",
            kind=_D,
            aliases=("onset date", "onset_date", "date of onset", "inicio"),
            description="When illness began.",
        ),
        Column(
            name="session_date",
            kind=_D,
            aliases=("date", "treatment date", "fecha"),
            description="Last session before it.",
        ),
    ),
)

REGISTRY_TABLES: Mapping[str, Table] = {
    table.name: table for table in (SESSIONS, COMPONENTS, REACTIONS, OBSERVATIONS)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """The four tables of a registry, read and typed.

    `findings` names the extra columns of `observations` that are findings, as column name to term id.
    """

    sessions: pl.DataFrame
    components: pl.DataFrame
    reactions: pl.DataFrame
    observations: pl.DataFrame
    findings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineList:
    """One line list, read and typed:

    `frame` has `count`, `ill`, maybe `onset`; `exposures` are its other columns.
    """

    frame: pl.DataFrame
    exposures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTaken:
    """What one header of an input was taken for, and how sure that is."""

    file: str
    header: str
    taken_for: str | None
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLedger:
    """Rows of one table: read = kept + left out, always."""

    table: str
    read: int
    kept: int
    left_out: int

    def __post_init__(self) -> None:
        if self.read != self.kept + self.left_out:
            raise ValueError(
                f"{self.table}: {self.read} rows read, but {self.kept} kept and {self.left_out} left out"
            )
