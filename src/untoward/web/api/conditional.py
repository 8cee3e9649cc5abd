"""Reads that were not changed are not sent again: each has an ETag, and If-None-Match answers 304."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag


def conditional(call: Callable[..., Any]) -> Callable[..., Any]:
    """Give what is read its ETag, and 304 to whoever has it already."""

    @wraps(call)
    def within(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = call(request, *args, **kwargs)
        if request.method != "GET" or response.status_code != 200 or not isinstance(response, HttpResponse):
            return response
        etag = quote_etag(sha256(response.content).hexdigest()[:32])
        response.headers["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response)

    return within
