"""What was computed, and what it cannot tell, in a few sentences for the report."""

from __future__ import annotations

from untoward.report.scan.content import ScanContent

_MODEL = {
    "poisson": "Cases are compared with the population at risk: without clusters, each place and period has its share of them "
    "(Poisson model, given the total).",
    "bernoulli": "Cases are compared with people without the illness: without clusters, each person is as likely a case as any "
    "other (Bernoulli model).",
    "permutation": "There is no population: cases of each place and period are compared with what the totals of that place and "
    "that period let expect (space-time permutation; Kulldorff and others, PLoS Med 2005;2:e59).",
    "tree": "Every branch of the tree is compared with its share of the population (conditional Poisson model; Kulldorff, Fang "
    "and Walsh, Biometrics 2003;59:323).",
}
_CHANCE = (
    "Each is given the log-likelihood ratio (LLR) of its excess. p is the share of simulated data sets without any cluster, the "
    "real one counted in, whose largest ratio anywhere is at least as large: it allows for all that was looked at."
)
_GUMBEL = (
    "The Gumbel p reads the same chance off a curve fitted to the simulated ratios and can be smaller than the number of "
    "replicates allows (Abrams, Kulldorff and Kleinman, Int J Health Geogr 2010;9:61)."
)


def method_lines(content: ScanContent) -> tuple[str, ...]:
    """The method, a paragraph each."""
    settings = content.settings
    looked = {
        "places": "Circles of every size around every place are compared with all others (Kulldorff, Commun Stat Theory Methods "
        "1997;26:1481)"
        + (
            ", each with every window of time." if settings.unit and settings.time == "retrospective"
            else ", each with every window of time that reaches the last period (Kulldorff, J R Stat Soc A 2001;164:61)."
            if settings.unit else "."
        ),
        "time": "Every stretch of time is compared with all the rest.",
        "tree": "Branches inside one another are looked at too.",
    }[settings.kind]  # fmt: skip
    gumbel = (_GUMBEL,) if any(cluster.gumbel_p is not None for cluster in content.clusters) else ()
    return (f"{_MODEL[settings.model]} {looked}", _CHANCE, *gumbel)


def limit_lines(content: ScanContent) -> tuple[str, ...]:
    """What the result cannot tell."""
    settings = content.settings
    lines = [
        "A cluster is an association. It does not say what caused the cases; better diagnosis or reporting makes clusters too."
    ]
    if settings.kind == "places":
        lines += [
            "The edge of a circle is not the edge of the problem: places at its rim may be in it by chance, and a crooked "
            "cluster fits no circle.",
            "Cases count where they are recorded. That may be the home, while the exposure was elsewhere.",
        ]
    if settings.model == "poisson" and not settings.categories and settings.kind != "tree":
        lines.append(
            "Nothing was adjusted for: older or sicker people in one place look like a cluster. --category adjusts."
        )
    if settings.time == "prospective":
        lines.append(
            "Recent periods may not be complete yet: late reports make the newest cluster look smaller than it is."
        )
    if settings.model == "permutation":
        lines.append("A population that grows in one place alone looks like a cluster.")
    lines.append("Where nothing is going on, 1 scan in 20 still gives a cluster with p up to 0.05.")
    return tuple(lines)
