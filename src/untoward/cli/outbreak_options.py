"""Options of `untoward outbreak` beyond the table itself: what is asked of it."""

from __future__ import annotations

from typing import Annotated

import typer

_Columns = list[str] | None

Stratify = Annotated[
    _Columns,
    typer.Option("--stratify", help="Mantel-Haenszel within strata of this column; may be given again."),
]
Adjust = Annotated[
    _Columns, typer.Option("--adjust", help="Logistic regression with this column too; may be given again.")
]
Matched = Annotated[
    str | None, typer.Option("--matched", help="Column with the set of cases and their own controls.")
]
Dose = Annotated[
    str | None, typer.Option("--dose", help="Column with a dose, such as the number of sessions.")
]
By = Annotated[_Columns, typer.Option("--by", help="Epidemic curve by this column; may be given again.")]
Bins = Annotated[
    str | None, typer.Option("--bin", help="Bins of the curve: hours, days, weeks, a number of days, or 6h.")
]
Incubation = Annotated[
    str | None,
    typer.Option(
        "--incubation", help="Incubation period: 10-114 (days), 1-6h, 2-4w, or 10-33-114 with the usual."
    ),
]
ExposedAt = Annotated[
    str | None, typer.Option("--exposed-at", help="When people were exposed: a column, or one date.")
]
Missing = Annotated[bool, typer.Option("--missing", help="What if the unknown had been exposed, or not?")]
CaseControl = Annotated[
    bool, typer.Option("--case-control", help="The well were chosen as controls: no rates, no risk ratio.")
]
