"""Photos keep pixels and nothing else, for agreed purposes alone, and hostile files are refused before they are decoded."""

import io
import struct
import zlib
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image, ImageCms
from tests.registry.patients import people

from untoward.errors import InputError, OutsideError
from untoward.registry.models import Photo
from untoward.settings import read_settings
from untoward.tasks.record import consents, photos
from untoward.tasks.record.photo_files import content_of, prepare

pytestmark = pytest.mark.django_db

SECRET = b"Calle Mayor 7"


@pytest.fixture
def agreed(lucia, nurse):
    return people.consent(lucia, nurse, purposes=("care", "teaching"))


def png_of(width, height):
    """A PNG that says how large it is and holds almost nothing."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def drawn(content):
    return Image.open(io.BytesIO(content))


class TestPreparing:
    def test_nothing_but_pixels_is_left(self):
        exif = Image.Exif()
        exif[0x010E] = SECRET.decode()
        exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 25.0, 1.0), 3: "W", 4: (3.0, 42.0, 1.0)})
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        sent = people.picture(exif=exif, icc_profile=profile, comment=SECRET, xmp=b"<x>" + SECRET + b"</x>")
        assert SECRET in sent
        content = prepare(sent).content
        assert SECRET not in content
        kept = drawn(content)
        assert kept.format == "JPEG"
        assert not kept.getexif()
        assert not {"icc_profile", "comment", "xmp", "exif"} & set(kept.info)

    def test_text_chunks_of_a_png_are_dropped(self):
        from PIL.PngImagePlugin import PngInfo

        notes = PngInfo()
        notes.add_text("Comment", SECRET.decode())
        sent = people.picture(kind="PNG", pnginfo=notes)
        assert SECRET in sent
        assert SECRET not in prepare(sent).content

    def test_it_is_turned_as_the_camera_was_held(self):
        exif = Image.Exif()
        exif[0x0112] = 6
        made = prepare(people.picture(size=(60, 40), exif=exif))
        assert (made.width, made.height) == (40, 60)

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_the_usual_kinds_are_taken(self, kind):
        assert drawn(prepare(people.picture(kind=kind)).content).size == (60, 40)

    def test_what_was_clear_is_white(self):
        made = prepare(people.picture(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0)))
        assert min(drawn(made.content).getpixel((30, 20))) > 250

    @pytest.mark.parametrize(("mode", "colour"), [("L", 90), ("CMYK", (0, 50, 50, 0))])
    def test_grey_and_print_colours_become_rgb(self, mode, colour):
        assert drawn(prepare(people.picture(mode=mode, colour=colour)).content).mode == "RGB"

    def test_a_larger_one_is_made_smaller(self):
        made = prepare(people.picture(size=(5000, 100)))
        assert (made.width, made.height) == (4096, 82)

    def test_a_profile_that_cannot_be_used_is_dropped(self):
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
        assert drawn(prepare(people.picture(icc_profile=profile)).content).mode == "RGB"


class TestRefusing:
    @pytest.mark.parametrize("size", [(7000, 7000), (12_000, 12_000), (60_000, 60_000)])
    def test_a_bomb_is_refused_before_it_is_decoded(self, size):
        with pytest.raises(InputError, match="has too many pixels"):
            prepare(png_of(*size))

    def test_too_many_bytes(self):
        with pytest.raises(InputError, match="is too large"):
            prepare(people.picture() + b"\0" * 15_000_000)

    def test_heic_is_named_with_what_to_do(self):
        with pytest.raises(InputError, match=r"HEIC.*Most Compatible"):
            prepare(b"\0\0\0\x18ftypheic" + b"\0" * 40)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            b"GIF89a" + b"\0" * 50,
            b"%PDF-1.7",
            b"PK\x03\x04" + b"\0" * 50,
            png_of(100, 100),
            b"\xff\xd8\xff\xe0" + b"\0" * 30,
        ],
    )
    def test_what_is_no_picture(self, content):
        with pytest.raises(InputError) as refused:
            prepare(content)
        assert refused.value.faults[0].field == "file"

    def test_half_a_picture(self):
        sent = people.picture(size=(400, 400))
        with pytest.raises(InputError, match="cannot be read as a picture"):
            prepare(sent[: len(sent) // 2])


class TestStoring:
    def test_it_is_kept_under_a_name_that_tells_nothing(self, lucia, nurse, agreed):
        kept = photos.store(people.picture(), patient=lucia, by=nurse, view="face-front")
        path = read_settings().photos / kept.file
        assert path.stat().st_mode & 0o777 == 0o600
        assert lucia.key not in kept.file
        assert photos.picture(kept) == path.read_bytes()
        assert (kept.width, kept.height, kept.purposes) == (60, 40, ["care"])

    def test_only_agreed_purposes(self, lucia, nurse, agreed):
        with pytest.raises(InputError, match="not agreed to"):
            photos.store(people.picture(), patient=lucia, by=nurse, purposes=("care", "advertising"))
        with pytest.raises(InputError, match="what the photo is for"):
            photos.store(people.picture(), patient=lucia, by=nurse, purposes=())

    def test_no_consent_no_photo(self, lucia, nurse):
        with pytest.raises(InputError, match="Ask the patient"):
            photos.store(people.picture(), patient=lucia, by=nurse)

    def test_what_a_patient_sends_is_for_their_care_and_nothing_else(self, lucia):
        kept = photos.store(
            people.picture(), patient=lucia, by=None, by_patient=True, purposes=("care", "advertising")
        )
        assert kept.purposes == ["care"]
        assert photos.usable_for(kept) == ("care",)

    def test_withdrawn_consent_withholds_and_deletes_nothing(self, lucia, nurse, agreed):
        kept = photos.store(people.picture(), patient=lucia, by=nurse)
        consents.withdraw(agreed, by=nurse, reason="no more", version=1)
        assert photos.usable_for(kept) == ()
        assert [one.withheld for one in photos.shown(lucia)] == [True]
        assert photos.first_and_last(lucia) is None
        assert Photo.objects.count() == 1

    def test_the_angle_and_the_time_must_be_possible(self, lucia, nurse, agreed):
        later = timezone.now() + timedelta(days=1)
        with pytest.raises(InputError) as refused:
            photos.store(people.picture(), patient=lucia, by=nurse, view="moon", taken_at=later)
        assert {fault.field for fault in refused.value.faults} == {"view", "taken_at"}

    def test_never_with_another_patients_session(self, lucia, nurse, agreed, clinic, session):
        other = people.patient(clinic, nurse, name="Marta")
        people.consent(other, nurse, of=agreed.text)
        with pytest.raises(InputError, match="another patient's"):
            photos.store(people.picture(), patient=other, by=nurse, session=session)

    def test_no_file_is_left_when_the_record_refuses(self, lucia, nurse, agreed, monkeypatch):
        def refuse(*_args, **_kwargs):
            raise RuntimeError("database gone")

        monkeypatch.setattr(photos, "write", refuse)
        before = set(read_settings().photos.rglob("*.jpg"))
        with pytest.raises(RuntimeError):
            photos.store(people.picture(), patient=lucia, by=nurse)
        assert set(read_settings().photos.rglob("*.jpg")) == before

    def test_a_changed_or_missing_file_is_noticed(self, lucia, nurse, agreed):
        kept = photos.store(people.picture(), patient=lucia, by=nurse)
        path = read_settings().photos / kept.file
        path.write_bytes(people.picture(colour=(0, 0, 0)))
        with pytest.raises(OutsideError, match="changed past the program"):
            photos.picture(kept)
        path.unlink()
        with pytest.raises(OutsideError, match="cannot be read"):
            photos.picture(kept)

    @pytest.mark.parametrize("name", ["../secret.key", "/etc/passwd", "aa/../../secret.key", "aa/b.jpg\n"])
    def test_no_name_leads_out_of_the_folder(self, name):
        with pytest.raises(OutsideError, match="none that this program gives"):
            content_of(name, "0" * 64)

    def test_the_first_and_last_from_the_angle_with_most(self, lucia, nurse, agreed):
        now = timezone.now()
        made = [
            photos.store(
                people.picture(), patient=lucia, by=nurse, view=view, taken_at=now - timedelta(days=days)
            )
            for view, days in (("scalp", 9), ("face-left", 8), ("face-left", 5), ("face-left", 1))
        ]
        assert photos.first_and_last(lucia) == (made[1], made[3])
        assert drawn(photos.picture(made[0], small=True)).size == (60, 40)
