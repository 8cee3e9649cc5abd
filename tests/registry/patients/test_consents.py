"""Editions never change once used; consent is given to exactly what was read, and withdrawn without loss."""

from dataclasses import replace

import pytest
from tests.registry.patients import people

from untoward.errors import InputError
from untoward.registry.models import Consent, ConsentText
from untoward.registry.writing import Conflict, write
from untoward.tasks.record import consents
from untoward.tasks.record.consents import ConsentDraft, TextDraft, give, save_text, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(nurse):
    return people.text(nurse)


@pytest.fixture
def draft(lucia, text):
    return ConsentDraft(
        patient=lucia,
        text=text,
        text_version=1,
        signed_name="Lucía Ortega",
        discussed=("harms", "substances"),
    )


def as_typed(text, **changed):
    known = {"name": text.name, "edition": text.edition, "language": text.language, "body": text.body}
    return TextDraft(**{**known, **changed})


class TestTexts:
    def test_an_edition_nobody_agreed_to_can_be_corrected_with_a_reason(self, text, nurse):
        with pytest.raises(InputError, match="why the text is changed"):
            save_text(as_typed(text, body="Other"), clinic=text.clinic, by=nurse, text=text, version=1)
        save_text(
            as_typed(text, body="Other"),
            clinic=text.clinic,
            by=nurse,
            text=text,
            version=1,
            reason="typing error",
        )
        assert ConsentText.objects.get().body == "Other"

    def test_an_edition_in_use_never_changes(self, text, draft, nurse):
        give(draft, by=nurse)
        with pytest.raises(InputError, match="in use, and never changes"):
            save_text(
                as_typed(text, body="Other"),
                clinic=text.clinic,
                by=nurse,
                text=text,
                version=1,
                reason="sharper",
            )
        assert ConsentText.objects.get(pk=text.pk).body == "Me van a inyectar."

    def test_an_edition_is_there_once(self, text, nurse):
        with pytest.raises(InputError, match="is there already"):
            save_text(as_typed(text), clinic=text.clinic, by=nurse)
        save_text(as_typed(text, language="fr"), clinic=text.clinic, by=nurse)

    def test_the_newest_of_each_name_and_language_is_offered(self, text, nurse):
        newer = save_text(as_typed(text, edition="2026-2"), clinic=text.clinic, by=nurse)
        french = save_text(as_typed(text, language="fr"), clinic=text.clinic, by=nurse)
        assert consents.newest_texts(text.clinic) == [newer, french]

    def test_each_clinic_has_its_own_and_all_have_the_shared_ones(self, text, nurse):
        shared = ConsentText(name="Injections", edition="2020-1", language="es", body="Old and for all.")
        photos = ConsentText(name="Photos", edition="2020-1", language="es", body="For all.")
        for one in (shared, photos):
            write(one, by=None)
        other = people.clinic("Elsewhere")
        assert consents.newest_texts(text.clinic) == [text, photos]
        assert consents.newest_texts(other) == [shared, photos]
        theirs = save_text(as_typed(text), clinic=other, by=nurse)
        assert (theirs.clinic, theirs.edition) == (other, text.edition)

    def test_what_all_clinics_share_and_what_others_wrote_is_only_read(self, text, nurse):
        other = people.clinic("Elsewhere")
        shared = ConsentText(name="Photos", edition="2020-1", language="es", body="For all.")
        write(shared, by=None)
        for of, at in ((shared, text.clinic), (text, other)):
            with pytest.raises(InputError, match="not a text of this clinic"):
                save_text(as_typed(of, body="x"), clinic=at, by=nurse, text=of, version=1, reason="y")
        with pytest.raises(InputError, match="is there already"):
            save_text(as_typed(shared), clinic=other, by=nurse)

    def test_two_directors_never_overwrite_each_other(self, text, nurse):
        mine = ConsentText.objects.get(pk=text.pk)
        save_text(
            as_typed(text, body="Theirs"), clinic=text.clinic, by=nurse, text=text, version=1, reason="x"
        )
        with pytest.raises(Conflict):
            save_text(
                as_typed(text, body="Mine"), clinic=text.clinic, by=nurse, text=mine, version=1, reason="y"
            )
        assert ConsentText.objects.get().body == "Theirs"


class TestGiving:
    def test_all_of_it_is_kept(self, draft, nurse):
        given = give(replace(draft, said="May fly.", photo_purposes=("teaching", "care")), by=nurse)
        kept = Consent.objects.get(pk=given.pk)
        assert kept.discussed == ["substances", "harms", "May fly."]
        assert kept.photo_purposes == ["care", "teaching"]
        assert kept.taken_by == nurse
        listed, own = consents.topics_of(kept)
        assert (len(listed), own) == (2, ["May fly."])

    def test_nothing_is_kept_when_the_text_changed_while_it_was_read(self, draft, text, nurse):
        save_text(
            as_typed(text, body="Other words"), clinic=text.clinic, by=nurse, text=text, version=1, reason="x"
        )
        with pytest.raises(Conflict):
            give(draft, by=nurse)
        assert not Consent.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"signed_name": "  "}, "signed_name"),
            ({"discussed": ()}, "discussed"),
            ({"discussed": ("nonsense",)}, "discussed"),
            ({"photo_purposes": ("anything",)}, "photo_purposes"),
            ({"said": "x" * 4001}, "said"),
        ],
    )
    def test_what_is_missing_is_named(self, draft, nurse, changed, field):
        with pytest.raises(InputError) as refused:
            give(replace(draft, **changed), by=nurse)
        assert field in {fault.field for fault in refused.value.faults}

    def test_no_purpose_follows_from_another(self, draft, lucia, nurse):
        give(replace(draft, photo_purposes=("publication",)), by=nurse)
        assert consents.purposes_of(lucia) == {"publication"}


class TestWithdrawing:
    def test_what_only_it_allowed_is_allowed_no_more(self, draft, lucia, nurse):
        first = give(replace(draft, photo_purposes=("care", "teaching")), by=nurse)
        give(replace(draft, photo_purposes=("care",)), by=nurse)
        withdraw(first, by=nurse, reason="changed her mind", version=1)
        assert consents.purposes_of(lucia) == {"care"}
        assert Consent.objects.count() == 2

    def test_it_needs_a_reason_and_happens_once(self, draft, nurse):
        given = give(draft, by=nurse)
        with pytest.raises(InputError, match="reason"):
            withdraw(given, by=nurse, reason=" ", version=1)
        withdraw(given, by=nurse, reason="no more", version=1)
        with pytest.raises(InputError, match="withdrawn already"):
            withdraw(given, by=nurse, reason="no more", version=2)
