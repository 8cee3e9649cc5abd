"""The review as one HTML file that needs nothing else."""

from __future__ import annotations

from untoward.model.review import Review
from untoward.report.page import LINE_LIST, page_view
from untoward.report.self_contained import SHARED, page_environment, render_page, stylesheet
from untoward.report.tokens import DISPOSITIONS


def render_html(review: Review) -> str:
    """The whole review as a self-contained page in English (see `self_contained`)."""
    return render_page(
        page_environment(SHARED),
        "review.html.j2",
        stylesheet(),
        page=page_view(review),
        looks=DISPOSITIONS,
        line_list=LINE_LIST,
    )
