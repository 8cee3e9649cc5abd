"""What is put into a syringe, how, and where on the body: the treatments a simulated clinic offers.

The recipes are mixtures that published surveys and outbreak reports name. Their shares, volumes and strengths are
assumptions of the simulator, not advice, and no dose is to be read from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """One compound of a recipe. `compound` is its key; `names` are what clinics write, each clinic one of them.

    `per_ml` is the amount in `unit` per ml; `percent` is g per 100 ml, None for a unit that is not a mass.
    """

    compound: str
    names: tuple[str, ...]
    volume_ml: tuple[float, float]
    per_ml: float
    unit: str = "mg"
    percent: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One treatment: the ingredients of its syringe, sometimes a second syringe, technique, route and sites.

    `share` is its part of all patients and `sites` maps places on the body to shares; neither need add up to 1.
    `second_share` is the share of its sessions in which the second syringe is used too.
    """

    name: str
    share: float
    technique: str
    route: str
    sites: Mapping[str, float]
    syringe: tuple[Ingredient, ...]
    second_syringe: tuple[Ingredient, ...] = ()
    second_share: float = 0.0

    @property
    def ingredients(self) -> tuple[Ingredient, ...]:
        """Ingredients of both syringes."""
        return self.syringe + self.second_syringe


def _lidocaine(low: float, high: float) -> Ingredient:
    return Ingredient(
        compound="lidocaine", names=("lidocaine", "lignocaine"), volume_ml=(low, high), per_ml=20, percent=2
    )


_PROCAINE = Ingredient(
    compound="procaine", names=("procaine", "procaine hydrochloride"), volume_ml=(1, 2), per_ml=20, percent=2
)
_VITAMIN_C = Ingredient(
    compound="vitamin-c", names=("vitamin C", "ascorbic acid"), volume_ml=(1, 2), per_ml=100, percent=10
)
_PC_DC = Ingredient(
    compound="phosphatidylcholine-deoxycholate",
    names=("PC/DC", "phosphatidylcholine/deoxycholate"),
    volume_ml=(5, 20),
    per_ml=50,
    percent=5,
)
_DEOXYCHOLIC_ACID = Ingredient(
    compound="deoxycholic-acid", names=("deoxycholic acid", "DCA"), volume_ml=(2, 6), per_ml=10, percent=1
)
_L_CARNITINE = Ingredient(
    compound="l-carnitine", names=("L-carnitine", "levocarnitine"), volume_ml=(2, 5), per_ml=200, percent=20
)
_HYALURONIC_ACID = Ingredient(
    compound="hyaluronic-acid",
    names=("hyaluronic acid", "sodium hyaluronate"),
    volume_ml=(1, 3),
    per_ml=10,
    percent=1,
)
_HYALURONIDASE = Ingredient(
    compound="hyaluronidase", names=("hyaluronidase",), volume_ml=(0.5, 2), per_ml=150, unit="iu"
)

#: Share of sessions of each treatment, by the name of the evidence parameter that sets it. All are assumptions, since
#: no registry publishes how often each compound is used. The last is the share given lidocaine beside another compound.
RECIPE_SHARES: Mapping[str, float] = {
    "share-hyaluronic-acid": 0.3,
    "share-phosphatidylcholine-deoxycholate": 0.25,
    "share-deoxycholic-acid": 0.15,
    "share-vitamin-c-hyaluronic-acid": 0.15,
    "share-l-carnitine-procaine": 0.1,
    "share-lidocaine-hyaluronidase-l-carnitine": 0.05,
    "share-with-lidocaine": 0.5,
}

_FACE = {"face": 0.7, "neck": 0.2, "hand": 0.1}
_TRUNK = {"abdomen": 0.5, "flanks": 0.2, "thigh": 0.2, "abdomen;flanks": 0.1}
_LEGS = {"thigh": 0.5, "buttock": 0.3, "abdomen": 0.1, "thigh;buttock": 0.1}


def recipes_with(shares: Mapping[str, float]) -> tuple[Recipe, ...]:
    """The recipes with these shares, by the names in RECIPE_SHARES; a share that is not given keeps its default."""
    share = {**RECIPE_SHARES, **shares}
    numbed = share["share-with-lidocaine"]
    lipolysis, body = share["share-phosphatidylcholine-deoxycholate"], share["share-l-carnitine-procaine"]
    recipes = (
        _skin("hyaluronic acid", share["share-hyaluronic-acid"], (_HYALURONIC_ACID,), numbed),
        _skin(
            "hyaluronic acid with vitamin C",
            share["share-vitamin-c-hyaluronic-acid"],
            (_HYALURONIC_ACID, _VITAMIN_C),
            numbed,
        ),
        _fat("PC/DC", lipolysis * (1.0 - numbed), (_PC_DC,)),
        _fat("PC/DC with lidocaine", lipolysis * numbed, (_PC_DC, _lidocaine(1, 2))),
        Recipe(
            name="deoxycholic acid",
            share=share["share-deoxycholic-acid"],
            technique="injection lipolysis",
            route="subcutaneous",
            sites={"submental": 1.0},
            syringe=(_DEOXYCHOLIC_ACID,),
            second_syringe=(_lidocaine(1, 2),),
            second_share=numbed,
        ),
        _body("L-carnitine with procaine", body, "intradermal", (_L_CARNITINE, _PROCAINE)),
        _body(
            "lidocaine with hyaluronidase and L-carnitine",
            share["share-lidocaine-hyaluronidase-l-carnitine"],
            "subcutaneous",
            (_lidocaine(1, 3), _HYALURONIDASE, _L_CARNITINE),
        ),
    )
    return tuple(recipe for recipe in recipes if recipe.share > 0)


def _skin(name: str, share: float, syringe: tuple[Ingredient, ...], numbed: float) -> Recipe:
    return Recipe(
        name=name,
        share=share,
        technique="mesotherapy",
        route="intradermal",
        sites=_FACE,
        syringe=syringe,
        second_syringe=(_lidocaine(0.5, 1),),
        second_share=numbed,
    )


def _fat(name: str, share: float, syringe: tuple[Ingredient, ...]) -> Recipe:
    technique, route = "injection lipolysis", "subcutaneous"
    return Recipe(name=name, share=share, technique=technique, route=route, sites=_TRUNK, syringe=syringe)


def _body(name: str, share: float, route: str, syringe: tuple[Ingredient, ...]) -> Recipe:
    return Recipe(name=name, share=share, technique="mesotherapy", route=route, sites=_LEGS, syringe=syringe)


RECIPES: tuple[Recipe, ...] = recipes_with({})
