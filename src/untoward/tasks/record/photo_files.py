"""Photos as files: what was sent is checked before it is decoded, drawn anew without any metadata, and kept by random name."""

from __future__ import annotations

import io
import os
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from untoward.errors import Fault, InputError, OutsideError
from untoward.settings import read_settings

MOST_BYTES = 15_000_000
MOST_PIXELS = 40_000_000
LONGEST_SIDE, SMALL_SIDE = 4096, 640
"""Pixels of the longer side of what is kept, and of the small picture in lists."""
FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 90
_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{40}\.jpg")
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A photo drawn anew: a JPEG in sRGB that holds pixels and nothing else."""

    content: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The hash of the file."""
        return sha256(self.content).hexdigest()


def prepare(content: bytes) -> Prepared:
    """Draw a photo anew, upright, as JPEG without metadata. Raises InputError saying what cannot be taken and what to do.

    The size in bytes and in pixels is checked before anything is decoded.
    """
    if len(content) > MOST_BYTES:
        megabytes = f"{len(content) / 1e6:.1f} MB"
        raise _refused(_("is too large"), megabytes, _("%(n)s MB at most") % {"n": MOST_BYTES // 1000000})
    if not content:
        raise _refused(_("is empty"), _("0 bytes"), _("a JPEG, PNG or WebP picture"))
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _check_pixels(*image.size)
            return _encoded(_upright_srgb(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(_("far more")) from error
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise _unreadable(content) from error


def smaller(content: bytes) -> bytes:
    """A small picture of a kept photo, for lists."""
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
        image.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
        image.thumbnail((SMALL_SIDE, SMALL_SIDE))
        return _encoded(_pixels_alone(image.convert("RGB"))).content


def keep(prepared: Prepared) -> str:
    """Write a photo below the photo folder under a random name, and give the name. Raises OutsideError."""
    drawn = secrets.token_hex(20)
    name = f"{drawn[:2]}/{drawn}.jpg"
    path = read_settings().photos / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(prepared.content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise OutsideError(
            _("The photo could not be written to disk: %(n)s.") % {"n": error.strerror or error}
        ) from error
    return name


def drop(name: str) -> None:
    """Remove the file of a photo that never came into the record."""
    _path(name).unlink(missing_ok=True)


def content_of(name: str, expected_sha256: str) -> bytes:
    """A kept photo. Raises OutsideError when its file is gone or no longer what was kept."""
    try:
        content = _path(name).read_bytes()
    except OSError as error:
        raise OutsideError(
            _("The file of a photo cannot be read: %(n)s.") % {"n": error.strerror or error}
        ) from error
    if sha256(content).hexdigest() != expected_sha256:
        raise OutsideError(_("The file of a photo is not what was kept: it was changed past the program."))
    return content


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise OutsideError(_("The name of a photo's file is none that this program gives."))
    return read_settings().photos / name


def _check_pixels(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise _too_many_pixels(f"{width} × {height}")


def _upright_srgb(image: Image.Image) -> Image.Image:
    """The first picture of the file, turned as the camera was held, in sRGB, on white where it was clear."""
    profile = image.info.get("icc_profile")
    picture: Image.Image = ImageOps.exif_transpose(image)
    if picture.mode in {"RGBA", "LA", "PA", "P"} or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        picture = Image.new("RGB", clear.size, "white")
        picture.paste(clear, mask=clear.getchannel("A"))
    elif profile and picture.mode in {"RGB", "CMYK", "L"}:
        picture = _in_srgb(picture, profile)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return _pixels_alone(picture.convert("RGB"))


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Colours as sRGB; as they are where the profile cannot be used."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return turned or picture


def _pixels_alone(picture: Image.Image) -> Image.Image:
    """The same pixels in a picture that never had metadata."""
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    return bare


def _encoded(picture: Image.Image) -> Prepared:
    drawn = io.BytesIO()
    picture.save(drawn, format="JPEG", quality=_QUALITY, optimize=True)
    return Prepared(content=drawn.getvalue(), width=picture.width, height=picture.height)


def _too_many_pixels(got: str) -> InputError:
    return _refused(
        _("has too many pixels"), got, _("%(n)s million pixels at most") % {"n": MOST_PIXELS // 1000000}
    )


def _unreadable(content: bytes) -> InputError:
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        hint = _(
            "On an iPhone choose Settings, Camera, Formats, Most Compatible; or send it to yourself as JPEG."
        )
        return _refused(
            _("is a HEIC picture, which cannot be read here"), "HEIC", _("JPEG, PNG or WebP"), hint
        )
    return _refused(_("cannot be read as a picture"), _("a damaged or other file"), _("JPEG, PNG or WebP"))


def _refused(what: str, got: str, expected: str, hint: str = "") -> InputError:
    fault = Fault(what=what, field="file", got=got, expected=expected, hint=hint)
    return InputError(_("The photo was not saved."), [fault])
