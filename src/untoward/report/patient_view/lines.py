"""A patient's page as titled sections, in the order in which it is read; whoever prints it lays them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from untoward.report.patient_view.texts import view_texts
from untoward.report.patient_view.view import PatientView, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A title and the lines under it. `listed`: the lines are points of a list, not sentences that follow each other."""

    title: str
    lines: tuple[str, ...]
    listed: bool = True


def sections_of(view: PatientView) -> tuple[Section, ...]:
    """The sections of a page that hold something; the heading stands before them, the notice after."""
    return tuple(section for section in _sections(view) if section.lines)


def _sections(view: PatientView) -> Iterator[Section]:
    label = view_texts(view.lang).section("label")
    yield Section(title=label["do_now"], lines=_texts(view.do_now))
    yield Section(title=label["deadline"], lines=(view.deadline.text,), listed=False)
    yield Section(title=label["because"], lines=view.because)
    if view.watch_for is not None:
        watch = view.watch_for
        yield Section(title=watch.emergency_heading, lines=_texts(watch.emergency))
        yield Section(title=watch.same_day_heading, lines=_texts(watch.same_day))
        yield Section(title=label["late"], lines=_texts(watch.late))
    yield Section(title=label["not_sure"], lines=view.not_sure)
    yield Section(title=label["time_course"], lines=_texts(view.time_course))
    come_back = "if_worse" if view.watch_for is None else "come_back"
    yield Section(title=label[come_back], lines=(view.come_back,), listed=False)
    yield Section(title=label["say_back"], lines=(view.say_back,) if view.say_back else (), listed=False)
    yield Section(title=label["show_this"], lines=(view.show_this,), listed=False)


def _texts(lines: Iterable[Said]) -> tuple[str, ...]:
    return tuple(line.text for line in lines)
