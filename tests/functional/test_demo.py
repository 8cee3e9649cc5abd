"""The demonstration runs through, finds what was planted, and leaves its pages behind."""


def test_the_demonstration(untoward, examples, tmp_path):
    ran = untoward("demo", "--once", "--out", tmp_path / "demo", "--examples", examples)
    assert ran.code == 0, ran.err
    assert "The review names it first." in ran.out
    for folder in sorted(path.parent.name for path in examples.glob("*/about.yaml")):
        assert f"{folder}: " in ran.out
        assert (tmp_path / "demo" / "examples" / folder / "review.html").is_file()
    assert (tmp_path / "demo" / "review" / "review.html").is_file()
    assert (tmp_path / "demo" / "registry" / "truth.json").is_file()
    # 17 of 77 and 43 + 3 of 75 are printed as counts; the rates to one digit follow from them.
    assert "17 of 77 ill, 22.1 %" in ran.out
    assert "46 of 75 ill, 61.3 %" in ran.out
