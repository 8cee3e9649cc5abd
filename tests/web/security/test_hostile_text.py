"""Hostile text in every place that takes or shows text: pages, forms, calls, PDF, letters, CSV and files to download."""

import csv
import io
import json
import re
import shutil
import subprocess

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.registry.patients.people import picture
from tests.web.security import hostile
from tests.web.security.hostile import dangers, forms_of
from tests.web.security.world import Bodies, address, call_path, made

from untoward.registry.models import Patient, Session
from untoward.registry.roles import Role
from untoward.registry.trail import verify
from untoward.registry.writing import write
from untoward.tasks.record import passports, recall_letters, watch_lines
from untoward.tasks.site_export import write_table
from untoward.web.api import OPERATIONS
from untoward.web.listing import PAGES
from untoward.web.middleware import OnlyText

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhurried")]

MARKUP = '#image("/etc/passwd") #panic() $x^2$ @ref \\ *bold* _under_ `raw` <label> // comment /* more'
"""What Typst would act upon."""
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1")


def read(browser, where):
    """An answer, with what in it would run."""
    answer = browser.get(where)
    if answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
        return answer, []
    return answer, dangers(answer.content.decode())


class TestWhatTheReaderOfPagesNotices:
    @pytest.mark.parametrize(
        "page",
        [
            hostile.SCRIPT, hostile.TAG, hostile.OUT_OF_ATTRIBUTE, hostile.SHORT, hostile.WORKED_OUT,
            '<a href="javascript:xss()">x</a>', '<a href=" JavaScript:xss()">x</a>', '<p style="x">', "<iframe src=x>",
            '<input value="" onfocus="x">', "<form action='data:text/html,x'>", '<link rel="icon" href="data:text/html,x">',
            '<link rel="stylesheet" href="data:,">', '<a href="data:text/html,x">',
        ],
    )  # fmt: skip
    def test_what_runs_is_noticed(self, page):
        assert dangers(f"<p>before</p>{page}<p>after</p>")

    def test_what_is_escaped_is_not(self):
        from django.utils.html import escape

        assert dangers(f'<p title="{escape(hostile.words("x"))}">{escape(hostile.words("x"))}</p>') == []


class TestShown:
    @pytest.mark.parametrize("role", [Role.INJECTOR, Role.DIRECTOR, Role.EPIDEMIOLOGIST, None])
    def test_nothing_that_was_ever_typed_runs_on_any_page(self, db, role):
        world = made("North", hostile.words)
        browser = Client() if role is None else world.client_of(role)
        shown = 0
        for name in PAGES:
            answer, found = read(browser, address(name, world))
            assert answer.status_code < 500, name
            assert found == [], (name, found[:3])
            shown += not answer.streaming and b"&lt;xss-tag&gt;" in answer.content
        least = {Role.INJECTOR: 25, Role.DIRECTOR: 30, None: 0}.get(role, 3)
        assert shown >= least, "hostile texts were hardly shown anywhere: this test would prove nothing"

    def test_messages_of_faults_and_success_run_nothing(self, here):
        browser = here.client_of(Role.DIRECTOR)
        typed = {"name": hostile.SCRIPT, "contact": hostile.OUT_OF_ATTRIBUTE, "birth_year": hostile.SCRIPT,
                 "weight_kg": hostile.SCRIPT, "allergies": "some", "allergies_lines": hostile.SCRIPT,
                 "language": hostile.SCRIPT, "sex": hostile.SCRIPT}  # fmt: skip
        answer = browser.post("/patients/new", typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert dangers(page) == []
        assert "&lt;script&gt;xss()" in page


def posts_of(world, role):
    """Every form on every page this role sees, as a browser would post it."""
    browser, seen = world.client_of(role), set()
    for name in PAGES:
        where = address(name, world)
        answer = browser.get(where)
        if answer.streaming or answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
            continue
        for form in forms_of(answer.content.decode()):
            action = form["action"] or where
            key = (action, tuple(sorted(form["fields"])))
            if form["method"] == "post" and key not in seen and not action.startswith("/sign-in/"):
                seen.add(key)
                yield name, action, form


class TestPosted:
    """Each form of each page, with hostile text in each field that takes text, one field at a time and all at once."""

    @pytest.fixture
    def refusing(self, monkeypatch):
        """Nothing is sent while forms are tried."""
        monkeypatch.setattr("untoward.tasks.record.watching_record.begin", lambda *_a, **_k: None)

    def tried(self, world, texts, one_by_one):
        for role in (Role.DIRECTOR,):
            browser = world.client_of(role)
            for name, action, form in list(posts_of(world, role)):
                fields = sorted(
                    {*form["texts"], *(f for f in form["fields"] if f in {"reason", "language", "kind"})}
                )
                together = [fields] if fields else []
                for chosen in [[one] for one in fields] if one_by_one else together:
                    for text in texts:
                        sent = {**form["fields"], **dict.fromkeys(chosen, text)}
                        sent.pop("csrfmiddlewaretoken", None)
                        yield name, action, chosen, browser.post(action, sent)

    def test_every_field_takes_it_as_text_or_refuses_it(self, here, refusing):
        number = 0
        for name, action, chosen, answer in self.tried(here, [hostile.ALL_AT_ONCE], one_by_one=True):
            number += 1
            assert answer.status_code < 500, (name, action, chosen)
            if "html" in answer.headers.get("Content-Type", ""):
                assert dangers(answer.content.decode()) == [], (name, action, chosen)
        assert number > 80
        assert verify().faults == ()
        browser = here.client_of(Role.DIRECTOR)
        for name in PAGES:
            answer, found = read(browser, address(name, here))
            assert (answer.status_code < 500, found) == (True, []), (name, found[:3])

    @pytest.mark.parametrize("text", [hostile.NUL, hostile.LONG])
    def test_what_no_database_keeps_and_what_is_far_too_long(self, here, refusing, text):
        number = 0
        for name, action, chosen, answer in self.tried(here, [text], one_by_one=False):
            number += 1
            assert answer.status_code < 500, (name, action, chosen)
        assert number > 25
        assert verify().faults == ()
        kept = json.dumps(
            [list(one.values()) for one in Patient.objects.values("name", "contact", "allergies")]
        )
        assert "\\u0000" not in kept
        assert "\\u202e" not in kept, (
            "what turns the direction of writing could make a name look like another"
        )
        assert len(kept) < 50_000

    def test_every_choice_and_hidden_field_refuses_what_is_not_offered(self, here, refusing):
        """Fields that are not meant to be typed into: a select, a radio button, a version, a uid."""
        browser, number = here.client_of(Role.DIRECTOR), 0
        for name, action, form in list(posts_of(here, Role.DIRECTOR)):
            others = [
                one for one in form["fields"] if one not in form["texts"] and one != "csrfmiddlewaretoken"
            ]
            for field in others[:12]:
                answer = browser.post(action, {**form["fields"], field: hostile.ALL_AT_ONCE + "\x00"})
                number += 1
                assert answer.status_code < 500, (name, action, field)
                if "html" in answer.headers.get("Content-Type", ""):
                    assert dangers(answer.content.decode()) == [], (name, field)
        assert number > 100
        assert verify().faults == ()


class TestPatientsForms:
    def test_what_a_patient_tells_is_text_for_everybody_who_reads_it(self, here):
        words = hostile.words("told")
        patient = Client()
        where = f"/p/{here.own_link}/problem"
        said = {"how": "something", "what": "lump", "which_asked": "1", "since": "days", "bad": "mild", "course": "same",
                "words": words, "step": "course"}  # fmt: skip
        told = patient.post(where, said, follow=True)
        assert told.status_code == 200
        assert dangers(told.content.decode()) == []
        for field in ("how", "what", "which", "since", "bad", "course", "lang", "step"):
            answer = patient.post(
                where, {**said, field: words + "\x00", "words": words + "\x00"}, follow=True
            )
            assert answer.status_code < 500, field
            assert dangers(answer.content.decode()) == [], field
        case = Session.objects.get().reactions.filter(by_patient=True).order_by("-pk").first()
        more = patient.post(
            f"/p/{here.own_link}/problem/{case.uid}/more", {"words": words + "\x00"}, follow=True
        )
        asked = patient.post(
            f"/p/{here.own_link}/problem/{case.uid}/asked",
            {f"asked.{words}": words, "asked.fever": words},
            follow=True,
        )
        for answer in (more, asked, patient.get(f"/p/{here.own_link}")):
            assert answer.status_code == 200
            assert dangers(answer.content.decode()) == []
        browser = here.client_of(Role.INJECTOR)
        for where in (f"/case/{case.uid}", "/worklist", "/check-ins", f"/patients/{here.patient.uid}"):
            page = browser.get(where).content.decode()
            assert dangers(page) == [], where
        assert "&lt;xss-tag&gt;" in browser.get(f"/case/{case.uid}").content.decode()

    def test_a_check_in_likewise(self, here):
        words = hostile.words("said")
        where = f"/c/{here.check_in_link}"
        said = {"how": "something", "what": "lump", "which_asked": "1", "since": "days", "bad": "mild", "course": "same",
                "words": words + "\x00", "step": "course"}  # fmt: skip
        patient = Client()
        told = patient.post(where, said, follow=True)
        assert told.status_code == 200
        photo = io.BytesIO(picture())
        photo.name = '"><script>.jpg'
        more = patient.post(f"{where}/more", {"words": hostile.LONG, "photo": photo}, follow=True)
        assert more.status_code == 200
        assert dangers(more.content.decode()) == []


class TestCalls:
    """Every call that takes a document, with hostile text in every field that takes text."""

    def test_each_takes_it_as_text_or_refuses_it(self, here):
        browser, bodies, taken = here.client_of(Role.DIRECTOR), Bodies(here, hostile.words("call")), 0
        for name, one in OPERATIONS.items():
            body = bodies.body(name)
            if one.method == "GET" or body is None:
                continue
            for sent in (body, *({**body, key: hostile.words(key)[:40]} for key in body)):
                answer = browser.generic(
                    one.method, call_path(name, here), json.dumps(sent), "application/json"
                )
                taken += answer.status_code in {200, 201}
                assert answer.status_code < 500, (name, answer.content[:300])
                assert "html" not in answer.headers["Content-Type"], name
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert taken > 5, "all was refused: this test would prove nothing"
        for name in PAGES:
            assert read(browser, address(name, here))[1] == [], name

    @pytest.mark.parametrize("text", [hostile.LONG, "\ud800", hostile.NUL, hostile.TURNED])
    def test_what_no_database_keeps_is_refused(self, here, text):
        browser, bodies = here.client_of(Role.DIRECTOR), Bodies(here, text)
        for name, one in OPERATIONS.items():
            body = bodies.body(name)
            if one.method != "GET" and body is not None:
                answer = browser.generic(
                    one.method, call_path(name, here), json.dumps(body), "application/json"
                )
                assert answer.status_code < 500, (name, answer.content[:300])
        assert verify().faults == ()


class TestNul:
    """PostgreSQL refuses the character in any text, also in one that is only looked for."""

    def cleaned(self, request):
        assert OnlyText(lambda _request: None).process_view(request, None, (), {}) is None
        return request

    def test_it_is_taken_out_of_what_is_asked_for_and_of_what_is_sent(self, rf):
        upload = SimpleUploadedFile("a.bin", b"a\x00b")
        request = self.cleaned(
            rf.post("/x?q=a%00b", {"name": ["A\x00nn", "Bo"], "n\x00": "1", "file": upload})
        )
        assert request.GET["q"] == "ab"
        assert request.POST.getlist("name") == ["Ann", "Bo"]
        assert request.POST["n"] == "1"
        assert request.FILES["file"].read() == b"a\x00b"

    def test_what_has_none_stays_the_very_same(self, rf):
        request = rf.post("/x?q=ab", {"name": "Ann"})
        asked, sent = request.GET, request.POST
        self.cleaned(request)
        assert (asked, sent) == (request.GET, request.POST)
        assert request.POST is sent


class TestPaper:
    def hostile_session(self, world):
        for thing, fields in (
            (world.patient, {"name": MARKUP[:160], "language": "es"}),
            (world.practitioner, {"name": MARKUP[:120]}), (world.product, {"name": f"PRODUCT {MARKUP}"[:160]}),
            (world.lot, {"number": MARKUP[:40]}), (world.vial, {"label": MARKUP[:40]}),
            (world.clinic, {"name": f"CLINIC {MARKUP}"[:120], "phone": MARKUP[:40]}),
        ):  # fmt: skip
            for name, value in fields.items():
                setattr(thing, name, value)
            write(thing, by=None, reason="hostile")
        world.session.technique = "#panic()"
        write(world.session, by=None, reason="hostile")
        return Session.objects.get(pk=world.session.pk)

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_a_passport_is_set_as_it_was_typed(self, here, tmp_path, language):
        session = self.hostile_session(here)
        pdf = passports.passport(session, language=language).passport(
            large=False, link="https://x.example/p/#x$y@z\\"
        )
        assert pdf.startswith(b"%PDF")
        if shutil.which("pdftotext") is None:
            pytest.skip("no pdftotext here to read what was set")
        (tmp_path / "passport.pdf").write_bytes(pdf)
        said = subprocess.run(
            ["pdftotext", "-raw", str(tmp_path / "passport.pdf"), "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        flat = re.sub(r"\s+", "", said)
        for words in (f"PRODUCT {MARKUP}"[:54], f"CLINIC {MARKUP}"[:54]):
            assert re.sub(r"\s+", "", words) in flat, said

    def test_the_pdf_of_the_pages_likewise(self, here):
        session = self.hostile_session(here)
        answer = here.client_of(Role.INJECTOR).get(f"/passport/{session.uid}/pdf")
        assert (answer.status_code, answer.content[:4]) == (200, b"%PDF")
        own = Client().get(f"/p/{here.own_link}/pdf")
        assert (own.status_code, own.content[:4]) == (200, b"%PDF")

    def test_letters_show_it_as_text(self, here):
        here.patient.name = hostile.words("name")[:160]
        write(here.patient, by=None, reason="hostile")
        page = here.client_of(Role.DIRECTOR).get(f"/recalls/{here.recall.uid}/letters?all=1").content.decode()
        assert dangers(page) == []
        assert "&lt;i onclick=xss()&gt;" in page


class TestSheets:
    """No cell of a file that a spreadsheet opens is a formula."""

    @pytest.mark.parametrize("text", FORMULAS)
    def test_the_list_of_messages(self, here, text):
        Patient.objects.filter(pk=here.patient.pk).update(name=text, contact=text)
        sent = here.client_of(Role.DIRECTOR).get(f"/recalls/{here.recall.uid}/messages")
        [_, row] = csv.reader(io.StringIO(sent.content.decode("utf-8-sig"), newline=""))
        assert not [cell for cell in row if runs(cell)]
        assert row[1].endswith(text.strip())

    @pytest.mark.parametrize("text", FORMULAS)
    def test_the_export(self, tmp_path, text):
        write_table(pl.DataFrame({"name": [text], "number": [-5]}), tmp_path, "x")
        with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as file:
            [_, row] = csv.reader(file)
        assert not runs(row[0])
        assert row == [f"'{text}", "-5"]
        assert pl.read_parquet(tmp_path / "x.parquet")["name"][0] == text

    @pytest.mark.parametrize("text", FORMULAS)
    def test_the_line_list(self, text):
        [_, row] = csv.reader(io.StringIO(watch_lines.csv_of(pl.DataFrame({"lot": [text]})), newline=""))
        assert not runs(row[0])
        assert row == [f"'{text}"]

    def test_a_cell_cannot_begin_another(self):
        for text in ('a",=1+1,"', 'a"\r\n=1+1', "a\n=1+1", "a;=1+1", "a\t=1+1"):
            sheet = io.StringIO()
            csv.writer(sheet).writerow([recall_letters.guarded(text), "end"])
            assert list(csv.reader(io.StringIO(sheet.getvalue(), newline=""))) == [[text, "end"]]

    def test_a_telephone_number_stays_one_to_call(self):
        assert recall_letters.guarded("+34 600 000 001") == "+34 600 000 001"
        assert runs("+34 600 000 001+cmd|x")
        assert not runs(recall_letters.guarded("+34600000001|cmd"))


def runs(cell):
    """Whether a spreadsheet would take a cell for a formula; a telephone number is a number at worst."""
    return cell.lstrip()[:1] in set("=+-@") and not re.fullmatch(r"\+[\d ()./-]{5,25}", cell)


OUR_FILE = re.compile(r'(inline|attachment); filename="[A-Za-z0-9_-]{1,60}\.(csv|html|jpg|json|jsonl|pdf)"')
"""One name with one ending, which is ours: what was typed may be in the name as plain letters, and do nothing there."""


class TestFiles:
    def test_names_of_files_to_download_are_ours(self, db):
        world = made("North", lambda kind: f'{kind}"\r\nX-Evil: 1\r\n../../etc;filename=evil.html')
        browser = world.client_of(Role.DIRECTOR)
        seen = 0
        for name in PAGES:
            answer = browser.get(address(name, world))
            said = answer.headers.get("Content-Disposition", "")
            seen += bool(said)
            assert "X-Evil" not in answer.headers
            assert said == "" or OUR_FILE.fullmatch(said), (name, said)
        assert seen >= 3

    def test_the_trail_as_a_file_is_one_document_a_line_whatever_was_typed(self, db):
        world = made("North", lambda kind: f'{kind}\n{{"number": 1}}\u2028\u2029</script>')
        lines = b"".join(world.client_of(Role.DIRECTOR).get("/audit/export")).decode().split("\n")
        numbers = [json.loads(line)["number"] for line in lines if line]
        assert numbers == sorted(set(numbers))
        assert len(numbers) > 20
