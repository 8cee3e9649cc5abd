"""Whole sentences: every cue of them, and no other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untoward.coding import degrees, sizes, vitals_in_text
from untoward.coding.measure_data import expand, measure_words
from untoward.coding.measure_matching import Reading
from untoward.coding.measures import measures_of
from untoward.coding.times import READERS
from untoward.coding.tokens import tokens_of

PHRASES = [
    ("2 ml", []),
    ("500 mg", []),
    ("third session", []),
    ("600 12 34 56", []),
    ("quatre vingt dix", []),
    ("el 8/10 me inyectaron", []),
    ("3 in my leg", []),
    ("já tomei duas caixas de remédio e nada", []),
    (
        "me pusieron inyecciones hace 2 meses y desde hace una semana me salieron 4 bolitas como "
        "garbanzos, cada vez peor, fiebre de 38,5",
        [
            ("day", 60.0),
            ("duration_days", 7.0),
            ("count", 4.0),
            ("size_cm", 1.0),
            ("size_is_approximate", True),
            ("worse", True),
            ("temperature", 38.5),
        ],
    ),
    ("I have 38.5 euros", []),
    (
        "I got kybella 2 days ago under my chin and it is swollen like a grapefruit",
        [("day", 2.0), ("size_cm", 10.0), ("size_is_approximate", True)],
    ),
    ("my 2nd session", []),
    ("2ª sesión", []),
    ("grain of rice", []),
    ("grown by 2 inches", []),
    ("phone 555-1234", []),
    ("I am 33", []),
    ("15 de marzo", []),
    (
        "I noticed 2 lumps on my belly 5 weeks after mesotherapy, each about 1 cm, hard and red, getting bigger",
        [("count", 2.0), ("day", 35.0), ("size_cm", 1.0), ("colour", "red"), ("spreading", True)],
    ),
    ("it was 1.500 euros", []),
    ("the doctor said it's fine", []),
    (
        "hace como 20 días me inyectaron enzimas y me salieron unas bolitas rojas que crecen",
        [("day", 20.0), ("count", 3.0), ("count_is_at_least", True), ("colour", "red"), ("spreading", True)],
    ),
    (
        "me apliquei enzimas faz 1 mês e agora estou com 2 caroços do tamanho de um limão",
        [("day", 30.0), ("count", 2.0), ("size_cm", 6.0), ("size_is_approximate", True)],
    ),
    (
        "j'ai eu une mésothérapie il y a un mois et j'ai des boutons qui grossissent depuis 10 jours",
        [("day", 30.0), ("spreading", True), ("duration_days", 10.0)],
    ),
]


@pytest.mark.parametrize(("text", "expected"), PHRASES, ids=[text for text, _expected in PHRASES])
def test_a_phrase_gives_these_cues_and_no_other(text, expected):
    assert [(cue.name, cue.value) for cue in measures_of(tokens_of(text))] == expected


def test_cues_know_the_words_they_were_read_from():
    tokens = tokens_of("Since Monday: three hard lumps, fever of 38.5")
    places = {cue.name: (tokens[cue.first].start, tokens[cue.last].end) for cue in measures_of(tokens)}
    assert places == {"count": (14, 30), "temperature": (32, 45)}


def test_nothing_gives_nothing():
    assert measures_of(()) == ()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text):
    measures_of(tokens_of(text))


WORDS = (
    sorted(measure_words().openings)
    + "0 1 3 38.5 39 102 1/2 8/10 80/50 , . ; ( ) - % ° cm x a de la the".split()
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_any_row_of_words_of_measures_is_read_without_an_error(words):
    tokens = tokens_of(" ".join(words))
    for cue in measures_of(tokens):
        assert 0 <= cue.first <= cue.last < len(tokens)


@pytest.mark.parametrize(
    "said",
    [
        "about 3 days ",
        "one or two hard red lumps ",
        "like a golf ball ",
        "injections ",
        "fever of at up to ",
        "a 3 x ",
    ],
)
def test_the_work_grows_with_the_length_only(said):
    def steps(times):
        reading = Counting(tokens_of(said * times), measure_words())
        at = 0
        while at < len(reading.words):
            reading.matches(at)
            at += 1
        return reading.asked

    assert steps(200) <= 2.2 * steps(100)


class Counting(Reading):
    __slots__ = ("asked",)

    def __init__(self, tokens, data):
        self.asked = 0
        super().__init__(tokens, data)

    def _walk(self, node, first, at, held):
        self.asked += 1
        return super()._walk(node, first, at, held)


class TestPatterns:
    def test_every_kind_in_the_files_is_known(self):
        def kinds(node):
            yield from (kind for kind, _value, _languages in node.ends)
            for child in (*node.words.values(), *node.slots.values()):
                yield from kinds(child)

        known = {"treatment", *READERS, *sizes.HANDLERS, *degrees.HANDLERS, *vitals_in_text.HANDLERS}
        assert set(kinds(measure_words().root)) == known

    def test_brackets_and_choices_are_every_way_to_say_it(self):
        assert expand("[the | a] size (of | like) {thing}") == (
            ("the", "size", "of", "{thing}"),
            ("the", "size", "like", "{thing}"),
            ("a", "size", "of", "{thing}"),
            ("a", "size", "like", "{thing}"),
            ("size", "of", "{thing}"),
            ("size", "like", "{thing}"),
        )

    @pytest.mark.parametrize("pattern", ["(a | b", "a) b", "[a"])
    def test_a_bracket_that_is_not_closed_is_refused(self, pattern):
        with pytest.raises(ValueError, match=r"bracket|cannot read"):
            expand(pattern)

    def test_no_and_on_are_words_in_the_files(self):
        denials = measure_words().words["denial"].by_first
        assert "no" in denials
        assert "false" not in denials
