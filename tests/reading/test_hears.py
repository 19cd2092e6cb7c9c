from pathlib import Path
from typing import get_type_hints

import pytest

from apbot.domain.words import Mark, Reason
from apbot.loading.hears import load_lexicon
from apbot.loading.problems import Unreadable
from apbot.reading.lexicon import Lexicon
from apbot.reading.neighbours import Neighbours
from apbot.reading.reader import read
from apbot.reading.side_words import SideWords
from apbot.reading.small_words import SmallWords
from apbot.reading.talk_words import TalkWords
from tests.reading.conftest import HEARS, Reads, a_reply

AROUND = (HEARS / "around.yaml").read_text(encoding="utf-8")
TALK = (HEARS / "talk.yaml").read_text(encoding="utf-8")
SIDES = (HEARS / "sides.yaml").read_text(encoding="utf-8")
SMALL = (HEARS / "small.yaml").read_text(encoding="utf-8")


def _write(directory: Path, **files: str) -> None:
    ours = {"around": AROUND, "talk": TALK, "sides": SIDES, "small": SMALL}
    for name, text in {**ours, **files}.items():
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")


def _problems(directory: Path, **files: str) -> list[str]:
    _write(directory, **files)
    with pytest.raises(Unreadable) as error:
        load_lexicon(directory)
    return [f"{Path(p.file).name}:{p.line}: {p.what}; {p.remedy}" for p in error.value.problems]


def test_an_unknown_section_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    """A slip in a section's name is answered with file, line and the nearest name."""
    problems = _problems(tmp_path, ours="# ours\nmarsk:\n  absent: [ghosting]\n")

    assert problems == ["ours.yaml:2: 'marsk' is no section that is known; did you mean 'marks'?"]


def test_an_unknown_mark_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    """A mark that is not among the contract's is a problem, not a new mark."""
    problems = _problems(tmp_path, ours="marks:\n  absnet: [ghosting]\n")

    assert problems == ["ours.yaml:2: 'absnet' is no mark that is known; did you mean 'absent'?"]


def test_a_word_in_two_places_is_a_problem(tmp_path: Path) -> None:
    """A word that could mean two things is refused, and both places are named."""
    problems = _problems(
        tmp_path,
        first="marks:\n  absent: [ghosting]\n",
        second="marks:\n  present: [ghosting]\n",
    )

    assert len(problems) == 1
    assert problems[0].startswith("second.yaml:2: 'ghosting' is here and in ")
    assert "first.yaml:2 (absent)" in problems[0]


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    """Loading does not stop at the first mistake."""
    problems = _problems(
        tmp_path,
        one="flags:\n  concen: [knives]\n",
        two="reasons: [ill]\n",
        three="chat:\n  - [nested]\n",
    )

    assert len(problems) == 3


def test_what_is_no_yaml_is_a_problem_with_its_line(tmp_path: Path) -> None:
    """A file that cannot be read is a problem like any other."""
    problems = _problems(tmp_path, one="marks: [a\nb: c\n")

    assert len(problems) == 1
    assert "not YAML" in problems[0]


def test_an_empty_directory_is_a_problem(tmp_path: Path) -> None:
    """A bot that knows no words must not start."""
    with pytest.raises(Unreadable, match="no files of words"):
        load_lexicon(tmp_path)


def test_a_section_that_must_be_there_and_is_not_is_named(tmp_path: Path) -> None:
    """The reader leans on every section of around.yaml; without one it must not start."""
    problems = _problems(tmp_path, around=AROUND.replace("\nloose: ", "\n# loose: "))

    assert problems == [
        "around.yaml:1: the section 'loose' is missing; put it back, or write `loose: []`"
    ]


def test_a_section_of_talk_that_is_not_there_is_named_with_its_file(tmp_path: Path) -> None:
    """What is heard of cases leans on every section of talk.yaml in the same way."""
    talk = "\n".join(line for line in TALK.split("\n") if not line.startswith("turns:"))

    problems = _problems(tmp_path, talk=talk)

    assert problems == [
        "talk.yaml:1: the section 'turns' is missing; put it back, or write `turns: []`"
    ]


@pytest.mark.parametrize(
    ("ours", "what"),
    [
        ("crosses: [tick]", "'tick' is here and in ours.yaml:1 (crosses)"),
        ("we_who_write: [she]", "'she' is here and in ours.yaml:1 (we_who_write)"),
        ("to_the_hour: [past]", "'past' is here and in ours.yaml:1 (to_the_hour)"),
        ("only_waiting: [missing]", "'missing' is here and in ours.yaml:1 (only_waiting)"),
    ],
)
def test_a_word_in_two_opposed_sections_is_a_problem(tmp_path: Path, ours: str, what: str) -> None:
    """A word cannot be a tick and a cross: both places are named."""
    (problem,) = _problems(tmp_path, ours=ours)

    assert what in problem.replace(f"{tmp_path}/", "")
    assert problem.endswith("keep one: the two sections say the opposite")


def test_a_section_that_is_misspelt_is_named_with_its_line_and_as_missing(tmp_path: Path) -> None:
    """A slip in a section's name is told at its line, and what is lost by it too."""
    lines = AROUND.splitlines()
    at = next(n for n, line in enumerate(lines, 1) if line.startswith("titles: "))
    problems = _problems(tmp_path, around=AROUND.replace("\ntitles: ", "\ntitels: "))

    assert problems == [
        "around.yaml:1: the section 'titles' is missing; put it back, or write `titles: []`",
        f"around.yaml:{at}: 'titels' is no section that is known; did you mean 'titles'?",
    ]


def test_a_number_word_without_its_number_is_a_problem(tmp_path: Path) -> None:
    """A word for a number gives that number in digits."""
    problems = _problems(tmp_path, ours="hours: {thirteen: one}\n")

    assert problems == ["ours.yaml:1: 'thirteen' gives no number; write `thirteen: 2`"]


def test_a_number_word_of_two_numbers_is_a_problem(tmp_path: Path) -> None:
    """The same word for two numbers means neither."""
    problems = _problems(tmp_path, ours="hours: {ten: 11}\n")

    assert problems == ["ours.yaml:1: 'ten' is 10 elsewhere; keep one of them"]


def test_an_office_may_add_a_file_of_its_own(tmp_path: Path) -> None:
    """Slang in a new file is heard like the rest."""
    _write(tmp_path, ours="marks:\n  absent: [on the sesh]\n")

    lexicon = load_lexicon(tmp_path)

    assert lexicon.knows("on")


@pytest.mark.parametrize(
    ("ours", "text", "marks"),
    [
        ("past_the_hour: [efter]", "chloe in at 20 efter 10", {1: Mark.AWAITED}),
        (
            "only_missing: [wanting]\nonly: [only wanting]",
            "only wanting chloe",
            {1: Mark.ABSENT, 2: Mark.PRESENT},
        ),
        (
            "nobody_else: [forby]",
            "chloe is in, nobody forby",
            {1: Mark.PRESENT, 2: Mark.ABSENT},
        ),
    ],
)
def test_an_office_may_add_to_the_small_words(
    tmp_path: Path, lexicon: Lexicon, ours: str, text: str, marks: dict[int, Mark]
) -> None:
    """What decides another word's sense by its place is taught in a file of one's own, too."""
    for file in HEARS.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "ours.yaml").write_text(ours, encoding="utf-8")
    reply = a_reply(text, "Chloe Davies", "Aiden Brown")

    assert read(reply, load_lexicon(tmp_path)).marks == marks
    assert read(reply, lexicon).marks != marks


def test_no_section_of_small_words_is_of_two_sheets() -> None:
    """A section belongs to one of our files: one name for two would mix their words."""
    sheets = [set(get_type_hints(sheet)) for sheet in (Neighbours, TalkWords, SideWords)]
    shared = set(get_type_hints(SmallWords))

    names = [name for sheet in (*(own - shared for own in sheets), shared) for name in sheet]

    assert len(set(names)) == len(names)


def test_two_lists_are_heard_together(reads: Reads) -> None:
    """Each of the first list goes with each of the second, with "is" or "'s" between."""
    for told in ("tummy playing up", "her tummy is playing up", "her tummy's playing up"):
        reading = reads(f"chloe off, {told}", "Chloe Davies", "Aiden Brown")

        assert reading.reasons == {1: Reason.ILLNESS}, told


def test_a_phrase_written_out_beats_two_lists(reads: Reads) -> None:
    """ "stuck in traffic" keeps its own sense, though "stuck in" begins another list's phrases."""
    reading = reads("chloe stuck in traffic", "Chloe Davies", "Aiden Brown")

    assert reading.marks == {1: Mark.AWAITED}


def test_half_of_two_lists_is_a_problem(tmp_path: Path) -> None:
    """Two lists need both, and what they mean together."""
    problems = _problems(tmp_path, ours="combined:\n  a bad back:\n    first: [back]\n")

    assert problems == [
        "ours.yaml:2: 'a bad back' is not two lists and what they mean; "
        "give it a `reasons`, `on_the_way` or `marks`, a `first` and a `then`"
    ]


def test_a_common_word_is_no_pupil_left_out(reads: Reads) -> None:
    """Behind one who is left out a word of plain English says why, and is nobody's name."""
    reading = reads("all in except chloe, dodgy kebab", "Chloe Davies", "Aiden Brown")

    assert reading.marks == {1: Mark.ABSENT, 2: Mark.PRESENT}
    assert reads("all in except chloe, braydn", "Chloe Davies", "Aiden Brown").marks.get(2) is None
