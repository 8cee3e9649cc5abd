"""`untoward mix`: may these share a syringe, and with this person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from untoward.tasks.mixing import CheckedMixture

Several = list[str] | None


def mix(
    file: Annotated[
        str | None, typer.Argument(help="JSON mixture; '-' for stdin.", show_default=False)
    ] = None,
    compound: Annotated[
        Several,
        typer.Option(
            "--compound", help='Ingredient, instead of a file; may hold a strength ("lidocaine 2%").'
        ),
    ] = None,
    vehicle: Annotated[
        str | None, typer.Option("--vehicle", help="What it is made up in: saline, water, bicarbonate …")
    ] = None,
    allergy: Annotated[
        Several, typer.Option("--allergy", help="Allergy of the person; may be given again.")
    ] = None,
    history: Annotated[Several, typer.Option("--history", help="Illness or state of the person.")] = None,
    medicine: Annotated[Several, typer.Option("--medicine", help="Medicine the person takes.")] = None,
    age: Annotated[float | None, typer.Option("--age", min=0, max=125, help="Years.")] = None,
    weight: Annotated[float | None, typer.Option("--weight", min=0.1, max=400, help="Weight in kg.")] = None,
    pregnant: Annotated[
        bool | None, typer.Option("--pregnant/--not-pregnant", help="Not known when left out.")
    ] = None,
    breastfeeding: Annotated[
        bool | None, typer.Option("--breastfeeding/--not-breastfeeding", help="Not known when left out.")
    ] = None,
    country: Annotated[
        str | None, typer.Option("--country", help="Where: two letters (FR, BR), or EU. Bans there block.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """May these share a syringe, and with this person? A verdict with reasons and sources.

    Exit 0 for ok, caution and no data, 1 for avoid and block, 2 for faulty input.

    Example: untoward mix --compound "lidocaine 2%" --compound procaine --allergy soy --country FR
    """
    from untoward.cli.output import print_json, read_text
    from untoward.errors import UsageError
    from untoward.model.answer import Answer
    from untoward.model.mixture import Person
    from untoward.model.quantity import Quantity
    from untoward.tasks.mixing import check_json, check_names

    said = (vehicle, allergy, history, medicine, age, weight, pregnant, breastfeeding, country)
    if (file is None) == (not compound):
        raise UsageError("Give either a FILE or --compound, not both. See: untoward mix --help")
    if file is not None and any(value not in (None, []) for value in said):
        raise UsageError("The other options go with --compound; a FILE states them itself.")
    if file is not None:
        checked = check_json(read_text(file), file=file)
    else:
        person = Person(
            allergies=tuple(allergy or ()),
            history=tuple(history or ()),
            medicines=tuple(medicine or ()),
            age_years=age,
            weight=None if weight is None else Quantity(weight, "kg"),
            pregnant=Answer.of(pregnant),
            breastfeeding=Answer.of(breastfeeding),
        )
        checked = check_names(tuple(compound or ()), person=person, vehicle=vehicle, country=country)
    if as_json:
        print_json(checked.document())
    else:
        _print_for_people(checked)
    raise typer.Exit(1 if checked.needs_someone else 0)


def _print_for_people(checked: CheckedMixture) -> None:
    from rich.console import Console

    from untoward.cli.mix_view import print_check

    print_check(checked, Console())
