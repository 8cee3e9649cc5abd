"""The answer that is a picture: nothing can take it for a page, run it, frame it, or keep it."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from untoward.registry.models import Photo
from untoward.tasks.record import photos

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""Bases, forms and frames are named as well, since they do not follow from the first."""


def picture_answer(photo: Photo, *, small: bool) -> HttpResponse:
    """The bytes of a photo as long as it may be used for something. Raises Http404 otherwise."""
    if not photos.usable_for(photo):
        raise Http404
    headers = {
        "Content-Disposition": f'inline; filename="{photo.uid}.jpg"',
        "Cache-Control": "no-store",
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return HttpResponse(photos.picture(photo, small=small), content_type="image/jpeg", headers=headers)
