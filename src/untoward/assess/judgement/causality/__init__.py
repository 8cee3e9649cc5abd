"""How likely it is that the injection caused it, by four published tools, each on its own."""

from __future__ import annotations

from untoward.assess.judgement.causality import dips as interaction
from untoward.assess.judgement.causality import liverpool as flow_chart
from untoward.assess.judgement.causality import naranjo as points
from untoward.assess.judgement.causality import who_umc as categories
from untoward.assess.judgement.causality.answers import reported_before
from untoward.assess.judgement.view import View
from untoward.model.answer import Answer
from untoward.model.judgement import Causality


def causality(view: View) -> Causality:
    """The leading reaction against everything that was injected, taken as one."""
    term = view.leading
    scored = points.naranjo(view, term)
    category, reason = categories.who_umc(view, term)
    pairs = interaction.dips(view, term)
    records = reported_before(view, term)[1]
    used = [points.RECORD, categories.RECORD, flow_chart.RECORD, *([interaction.RECORD] if pairs else [])]
    return Causality(
        term=term,
        who_umc=category,
        who_umc_reason=reason,
        naranjo=scored,
        liverpool=flow_chart.liverpool(view, term),
        dips=pairs,
        missing=tuple(item.text for item in scored.answers if item.answer is Answer.UNKNOWN),
        evidence=(*used, *records),
    )
