"""`untoward simulate`: a registry with a known truth."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Plant(StrEnum):
    """What can be planted."""

    CONTAMINATED_VIAL = "contaminated-vial"
    BAD_LOT = "bad-lot"
    CARELESS_PRACTITIONER = "careless-practitioner"
    ALLERGIC_PATIENT = "allergic-patient"


class Format(StrEnum):
    """How the tables are written."""

    CSV = "csv"
    PARQUET = "parquet"


def simulate(
    out: Annotated[
        Path, typer.Argument(help="New folder for the four tables and truth.json.", show_default=False)
    ],
    sessions: Annotated[
        int, typer.Option("--sessions", min=10, max=20_000_000, help="Sessions to expect.")
    ] = 6000,
    months: Annotated[int, typer.Option("--months", min=1, max=600, help="Months the registry covers.")] = 18,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same registry.")] = 1,
    plant: Annotated[
        list[Plant] | None,
        typer.Option("--plant", help="Event to plant; may be given again. Default: a contaminated vial."),
    ] = None,
    month: Annotated[
        float | None,
        typer.Option("--month", min=0, help="Month in which it is planted. Default: two thirds through."),
    ] = None,
    nothing: Annotated[bool, typer.Option("--nothing-planted", help="Background alone.")] = False,
    fmt: Annotated[Format, typer.Option("--format", help="csv or parquet.")] = Format.CSV,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the folder's tables if it has some.")
    ] = False,
) -> None:
    """Simulate an injection registry whose figures come from evidence records, and write the truth beside it.

    Example: untoward simulate my-registry --sessions 20000 --plant bad-lot --seed 7
    """
    from untoward.tasks.simulating import plan_for, simulate_registry

    wanted = () if nothing else tuple(item.value for item in plant or (Plant.CONTAMINATED_VIAL,))
    plan = plan_for(sessions=sessions, months=months, planted=wanted, month=month)
    folder = simulate_registry(
        plan, out, seed=seed, fmt="csv" if fmt is Format.CSV else "parquet", overwrite=overwrite
    )
    typer.echo(
        f"Wrote {folder}. What was planted stands in {folder / 'truth.json'}. Next: untoward review {folder}"
    )
