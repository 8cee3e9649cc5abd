"""Photos made to do harm: refused before they are decoded, or drawn anew with nothing left but pixels."""

import io
import re
import struct
import tracemalloc
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.registry.patients.people import picture

from untoward.errors import InputError
from untoward.registry.models import Photo
from untoward.registry.roles import Role
from untoward.tasks.record.photo_files import FORMATS, MOST_BYTES, prepare
from untoward.tasks.site import settings_now

SECRET = b"GPS-51.5074-SECRET"


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width, height, packed, *more):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def zeros(count):
    """So many bytes of nothing, packed a thousand times smaller."""
    packer = zlib.compressobj(9)
    return b"".join(
        [*(packer.compress(b"\0" * 1_000_000) for _ in range(count // 1_000_000)), packer.flush()]
    )


def with_metadata(kind):
    """A picture that says where it was taken, in every place its kind has for it."""
    image, exif = Image.new("RGB", (40, 30), (9, 99, 9)), Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[29] = SECRET.decode()
    out = io.BytesIO()
    saved = {"exif": exif, "icc_profile": SECRET * 20}
    if kind == "JPEG":
        saved |= {"comment": SECRET, "xmp": b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"}
    if kind == "WEBP":
        saved["xmp"] = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    image.save(out, kind, **saved)
    return out.getvalue() + SECRET  # and behind its end


BOMBS = {
    "pixels that fill the memory": png(30_000, 30_000, zeros(3_000_000)),
    "one row without end": png(2**31 - 1, 1, b""),
    "no pixels at all": png(0, 0, b""),
    "a text that unpacks to much": png(9, 9, b"", chunk(b"zTXt", b"k\0\0" + zeros(100_000_000))),
    "a profile that unpacks to much": png(9, 9, b"", chunk(b"iCCP", b"k\0\0" + zeros(100_000_000))),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_and_takes_no_memory(name):
    tracemalloc.start()
    try:
        with pytest.raises(InputError):
            prepare(BOMBS[name])
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


OTHERS = {
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="xss()"><script>xss()</script></svg>',
    "HTML": b"<!doctype html><script>xss()</script>",
    "GIF": picture(kind="GIF", mode="P", colour=1),
    "TIFF": picture(kind="TIFF"),
    "BMP": picture(kind="BMP"),
    "ICO": picture(kind="ICO"),
    "PDF": b"%PDF-1.7\n%%EOF",
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file",
    "zip": b"PK\x03\x04" + b"\0" * 40,
    "nothing": b"",
    "one byte": b"\xff",
    "half a JPEG": picture(size=(400, 300))[:600],
    "half a PNG": picture(kind="PNG", size=(400, 300))[:-60],
    "too large": b"\xff\xd8\xff" + b"\0" * MOST_BYTES,
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_none_of_three_kinds_is_refused_by_its_content(name):
    with pytest.raises(InputError):
        prepare(OTHERS[name])
    assert FORMATS == ("JPEG", "PNG", "WEBP")


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_is_left_but_pixels(kind):
    sent = with_metadata(kind)
    assert sent.count(SECRET) >= 3
    kept = prepare(sent).content
    assert SECRET not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, dict(image.getexif())) == ("JPEG", {})
        assert not {"icc_profile", "xmp", "comment", "exif", "photoshop"} & set(image.info)


@pytest.mark.parametrize(
    "hidden", [OTHERS["HTML"], OTHERS["SVG"], b"PK\x03\x04PK\x05\x06", b"<?php system($_GET[0]) ?>"]
)
def test_a_picture_that_is_something_else_as_well_is_a_picture_afterwards(hidden):
    exif = Image.Exif()
    exif[0x010E] = hidden.decode("latin1")
    drawn = io.BytesIO()
    Image.new("RGB", (20, 20)).save(drawn, "JPEG", exif=exif, comment=hidden)
    for sent in (drawn.getvalue() + hidden, picture() + hidden, picture(kind="PNG") + hidden):
        kept = prepare(sent).content
        assert hidden[:12] not in kept
        assert kept.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_of_a_moving_picture_the_first_is_kept(kind):
    drawn = io.BytesIO()
    first = Image.new("RGB", (20, 20), (200, 0, 0))
    first.save(
        drawn, kind, save_all=True, append_images=[Image.new("RGB", (20, 20), (0, 0, 200))] * 3, duration=50
    )
    kept = prepare(drawn.getvalue())
    with Image.open(io.BytesIO(kept.content)) as image:
        assert getattr(image, "n_frames", 1) == 1
        red, _green, blue = image.convert("RGB").getpixel((10, 10))
        assert red > blue


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_damaged_metadata_breaks_nothing(rng):
    """Bytes changed at random in the first part, where all that is not pixels stands: drawn anew or refused, never a fault."""
    sent, kept, refused = with_metadata("JPEG"), 0, 0
    for _ in range(150):
        changed = bytearray(sent)
        for place in rng.integers(2, len(sent), size=6):
            changed[place] = int(rng.integers(256))
        try:
            kept += prepare(bytes(changed)).content.startswith(b"\xff\xd8")
        except InputError:
            refused += 1
    assert kept + refused == 150
    assert kept


@pytest.mark.django_db
class TestByTheForm:
    @pytest.mark.parametrize(
        "name",
        [
            "../../secret.key",
            "/etc/passwd",
            "..\\..\\x.jpg",
            "x\x00.jpg",
            "a" * 5000 + ".jpg",
            "x.html",
            'x"; filename=y.php',
        ],
    )
    def test_the_name_of_a_file_counts_for_nothing(self, here, name):
        before = {str(one) for one in settings_now().home.rglob("*")}
        browser = here.client_of(Role.INJECTOR)
        sent = {
            "file": SimpleUploadedFile("x.jpg", picture(), "text/html"),
            "view": "close",
            "purposes": "care",
        }
        sent["file"].name = name.replace("\x00", "%00")
        answer = browser.post(f"/patients/{here.patient.uid}/photos/new", sent)
        assert answer.status_code in {302, 422}
        made = {str(one) for one in settings_now().home.rglob("*")} - before
        files = [one for one in made if one.endswith(".jpg")]
        assert len(files) == Photo.objects.count() - 1 == (answer.status_code == 302)
        assert all(re.search(r"/photos/[0-9a-f]{2}/[0-9a-f]{40}\.jpg$", one) for one in files)
        assert not [one for one in made - set(files) if "/photos/" not in one and "/limits" not in one]

    @pytest.mark.parametrize("sent", ["SVG", "HTML", "PDF", "GIF", "nothing"])
    def test_what_is_no_photo_is_refused_whatever_it_is_called(self, here, sent):
        browser, before = here.client_of(Role.INJECTOR), Photo.objects.count()
        file = SimpleUploadedFile("photo.jpg", OTHERS[sent], "image/jpeg")
        answer = browser.post(
            f"/patients/{here.patient.uid}/photos/new", {"file": file, "view": "close", "purposes": "care"}
        )
        assert answer.status_code == 422
        assert Photo.objects.count() == before

    def test_a_picture_is_served_as_a_picture_that_nothing_can_take_for_a_page(self, here):
        answer = here.client_of(Role.INJECTOR).get(f"/photos/{here.photo.uid}.jpg")
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]

    def test_a_document_that_is_far_too_long_is_refused(self, here):
        answer = here.client_of(Role.INJECTOR).post("/patients/new", {"name": "x" * 3_000_000})
        assert answer.status_code == 400
        many = here.client_of(Role.INJECTOR).post("/patients/new", {f"field{n}": "x" for n in range(2001)})
        assert many.status_code == 400
        sent = here.client_of(Role.INJECTOR).post("/api/v1/patients", b"[" * 3_000_000, "application/json")
        assert sent.status_code in {400, 413, 422}
        deep = here.client_of(Role.INJECTOR).post("/api/v1/patients", b"[" * 200_000, "application/json")
        assert deep.status_code in {400, 422}
