"""Names are found however they are typed, and never guessed."""

import pytest

from untoward.model.names import NameIndex, fold, singular_forms


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Lipodissolve®", "lipodissolve"),
        ("LIPODISSOLVE", "lipodissolve"),
        ("  Injection   site-swelling ", "injection site swelling"),
        ("ÁCIDO desoxicólico", "acido desoxicolico"),
        ("hinchazón", "hinchazon"),
        ("hinchazo\u0301n", "hinchazon"),  # the accent as a letter of its own
        ("PC/DC", "pc dc"),
        ("Straße", "strasse"),
        ("ﬁbrosis", "fibrosis"),  # a ligature, as a PDF gives it
        ("5% solution", "5% solution"),
        ("A+B", "a+b"),
        ("Ｂｏｔｏｘ", "botox"),  # full-width letters
        ("®", ""),
        ("", ""),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded
    assert fold(fold(text)) == fold(text)


INDEX = NameIndex.build(
    {
        "nodule": ["lump", "bump", "nódulo"],
        "abscess": ["absceso"],
        "ulcer": ["úlcera", "lesión abierta"],
        "scar": ["cicatriz"],
        "allergy": ["allergic reaction", "alergia"],
        "pus": ["discharge of pus"],
        "bruise": [],
        "patch": ["red patch"],
        "skin rash": ["rash of the skin"],
    }
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("nodule", "nodule"),
        ("NODULES", "nodule"),
        ("Lumps", "nodule"),
        ("nódulos", "nodule"),
        ("nodulos", "nodule"),
        ("abscesses", "abscess"),
        ("abscesos", "abscess"),
        ("úlceras", "ulcer"),
        ("lesiones abiertas", None),  # two Spanish endings at once are not undone
        ("cicatrices", "scar"),
        ("allergies", "allergy"),
        ("allergic reactions", "allergy"),
        ("bruises", "bruise"),
        ("red patches", "patch"),
        ("skin rashes", "skin rash"),
        ("pus", "pus"),
        ("pu", None),
        ("nodul", None),
        ("noduless", None),
        ("", None),
        ("!!!", None),
        ("ボトックス", None),
    ],
)
def test_look_up(text, key):
    assert INDEX.find(text) == key


def test_the_text_itself_comes_before_its_singular():
    assert next(iter(singular_forms("skin lesions"))) == "skin lesions"
    index = NameIndex.build({"one": ["ray"], "many": ["rays"]})
    assert (index.find("ray"), index.find("rays")) == ("one", "many")


def test_two_keys_may_not_share_a_name_and_all_clashes_are_told():
    with pytest.raises(ValueError, match="claimed by") as refused:
        NameIndex.build({"a": ["Lump", "x"], "b": ["lúmp"], "c": ["a"]})
    assert str(refused.value) == "'lúmp' is claimed by 'a' and 'b'; 'a' is claimed by 'a' and 'c'"


def test_one_key_may_repeat_itself():
    assert NameIndex.build({"a": ["A", "á", "a "]}).keys == {"a": "a"}


@pytest.mark.parametrize("name", ["®", "", "…", "ボトックス"])
def test_a_name_that_folds_to_nothing_is_refused(name):
    """It would be found by every other text that folds to nothing."""
    with pytest.raises(ValueError, match="no letter or digit"):
        NameIndex.build({"a": [name]})


def test_suggestions_are_known_names_best_first():
    index = NameIndex.build({"lidocaine": ["lidocaína"], "procaine": ["novocaine"]})
    assert index.suggest("lidocane")[0] == "lidocaine"
    assert index.suggest("zzzz") == ()
    assert len(index.suggest("ocaine", limit=1)) <= 1
