"""The three kinds of VAERS file: what their columns are called, how rows begin, and which are of one release."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from untoward.errors import Fault, InputError
from untoward.exchange.reports.archive import SourceFile
from untoward.exchange.reports.delimited import Layout, split_line
from untoward.exchange.reports.headers import has, must_have

DATA, VAX, SYMPTOMS = "DATA", "VAX", "SYMPTOMS"

TERMS = tuple(f"symptom_{number}" for number in range(1, 6))

FLAGS = ("died", "life_threat", "hospital", "longer_stay", "disabled", "birth_defect")
"""The boxes of DATA of which each makes a report serious. A visit to an emergency room alone does not."""

_DATE_NEXT = re.compile(r'^"?\d{1,10}"?,"?\d{1,2}/\d{1,2}/\d{4}"?,')
_NUMBER_FIRST = re.compile(r'^"?\d{1,10}"?,')

LAYOUTS: Mapping[str, Layout] = {
    DATA: Layout(
        columns={
            "id": ("VAERS_ID",),
            "received": ("RECVDATE",),
            "state": ("STATE",),
            "age": ("AGE_YRS",),
            "age_years_part": ("CAGE_YR",),
            "age_months_part": ("CAGE_MO",),
            "sex": ("SEX",),
            "died": ("DIED",),
            "life_threat": ("L_THREAT",),
            "hospital": ("HOSPITAL",),
            "longer_stay": ("X_STAY",),
            "disabled": ("DISABLE",),
            "onset": ("ONSET_DATE",),
            "vaccinated": ("VAX_DATE",),
            "birth_defect": ("BIRTH_DEFECT",),
            "order": ("ORDER",),
        },
        required=("id", "received"),
        starts=_DATE_NEXT,
    ),
    VAX: Layout(
        columns={
            "id": ("VAERS_ID",),
            "type": ("VAX_TYPE",),
            "maker": ("VAX_MANU",),
            "lot": ("VAX_LOT",),
            "dose": ("VAX_DOSE_SERIES", "VAX_DOSE"),
            "route": ("VAX_ROUTE",),
            "site": ("VAX_SITE",),
            "name": ("VAX_NAME",),
            "order": ("ORDER",),
        },
        required=("id", "type", "name"),
        starts=_NUMBER_FIRST,
    ),
    SYMPTOMS: Layout(
        columns={
            "id": ("VAERS_ID",),
            **{term: (f"SYMPTOM{number}",) for number, term in enumerate(TERMS, start=1)},
            "order": ("ORDER",),
        },
        required=("id", "symptom_1"),
        starts=_NUMBER_FIRST,
    ),
}
"""Every row begins with the number of its report; in DATA the date it was received comes next."""

_KIND_IN_NAME = re.compile(r"(?:DATA|VAX|SYMPTOMS)(?=\.[A-Z]+$)")


def kind_of(header: str) -> str | None:
    """Which of the three kinds a file is, by its first line."""
    cells = split_line(header, ",", quoted=True)
    return next(
        (kind for kind, layout in LAYOUTS.items() if has(cells, layout.columns, layout.required)), None
    )


def release_of(file: SourceFile) -> str:
    """What the three files of one year have in common: where they stand, and the name without its kind."""
    return f"{file.container}/{_KIND_IN_NAME.sub('', file.base)}"


def is_abroad(file: SourceFile) -> bool:
    """Whether a file holds reports from outside the United States."""
    return "NONDOMESTIC" in file.base


def sorted_by_kind(files: Sequence[SourceFile]) -> Mapping[str, tuple[SourceFile, ...]]:
    """The files of each kind; others (a guide beside them) are left out.

    Raises InputError when a kind is missing, or when a table is none of the three.
    """
    kinds: dict[str, list[SourceFile]] = {kind: [] for kind in LAYOUTS}
    for file in files:
        header = file.first_line()
        kind = kind_of(header)
        if kind is not None:
            kinds[kind].append(file)
        elif file.base.endswith(".CSV"):
            _refuse(file, header)
    missing = [kind for kind, found in kinds.items() if not found]
    if missing:
        raise InputError("VAERS reports stand in three kinds of file", [_absent(kind) for kind in missing])
    return {kind: tuple(found) for kind, found in kinds.items()}


def _refuse(file: SourceFile, header: str) -> None:
    meant = next((kind for kind in (SYMPTOMS, VAX, DATA) if kind in file.base), DATA)
    layout = LAYOUTS[meant]
    must_have(file.name, split_line(header, ",", quoted=True), layout.columns, layout.required)


def _absent(kind: str) -> Fault:
    expected = ", ".join(LAYOUTS[kind].columns[name][0] for name in LAYOUTS[kind].required)
    return Fault(
        what=f"there is no file of the kind {kind}",
        expected=f"a name such as 2024VAERS{kind}.csv and the columns {expected}, …",
        hint="Give the folder or the zip archive with all files of a year.",
    )
