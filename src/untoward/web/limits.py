"""How often one address may ask for something in a minute, counted for all processes that serve the site.

Each try adds one byte to a file of its minute below the home folder; the size of the file is the count. Adding to the end
of a file is one step of the operating system, so that no try is lost however many processes count at once, nothing is
locked, and neither the database nor a cache server is needed. Several machines count each for itself: set a limit in the
proxy before them as well. File names are keyed hashes: they tell no address.
"""

from __future__ import annotations

import hmac
import os
import shutil
import time
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from untoward.web.settings import UNTOWARD

FOLDER = "limits"
_SECONDS = 60


def too_many(request: HttpRequest, kind: str, per_minute: int) -> bool:
    """Count this try of a kind by the address of the request; True when it is beyond the limit of the minute.

    Where nothing can be counted (disk full) the answer is False: a patient is never turned away by a full disk.
    """
    minute = int(time.time() // _SECONDS)
    name = _name(kind, address_of(request))
    try:
        return _count(_folder(minute) / name) > per_minute
    except OSError:
        return False


def address_of(request: HttpRequest) -> str:
    """Who asks: the address, that of the client when a proxy of ours says so. Of IPv6 the network, as homes have many."""
    text = request.META.get("REMOTE_ADDR", "")
    if UNTOWARD.proxy:
        text = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip() or text
    try:
        address = ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False))
    return str(address)


def _name(kind: str, address: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{kind} {address}".encode(), sha256).hexdigest()[:40]


def _folder(minute: int) -> Path:
    """The folder of a minute. Whoever makes it removes those of minutes that are over."""
    top = UNTOWARD.home / FOLDER
    folder = top / str(minute)
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for other in top.iterdir():
            if other.name.isdigit() and abs(int(other.name) - minute) > 1:
                shutil.rmtree(other, ignore_errors=True)
    return folder


def _count(path: Path) -> int:
    """Add one and say how many there are now."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, b".")
        return os.fstat(handle).st_size
    finally:
        os.close(handle)
