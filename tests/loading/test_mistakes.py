from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from apbot.loading.config import check, load_config
from apbot.loading.problems import Unreadable

CONFIG = Path(__file__).parents[2] / "config"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One slip in one file of the town, and all that is to be said of it."""

    name: str
    file: str
    right: str
    wrong: str
    told: tuple[str, ...]

    def plant(self, town: Path) -> None:
        path = town / self.file
        text = path.read_text(encoding="utf-8")
        assert self.right in text, "the town has changed: the mistake cannot be planted"
        path.write_text(text.replace(self.right, self.wrong, 1), encoding="utf-8")


MISTAKES = tuple(
    Mistake(it["mistake"], it["file"], it["right"], it["wrong"], tuple(it["told"]))
    for it in yaml.safe_load(Path(__file__).with_name("mistakes.yaml").read_text(encoding="utf-8"))
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_told_with_its_line_and_what_to_do(town: Path, mistake: Mistake) -> None:
    """What is wrong is told by file and line, with a remedy, and nothing else is blamed for it."""
    mistake.plant(town)

    assert [str(it) for it in check(town)] == [f"config/{told}" for told in mistake.told]


def test_there_is_a_mistake_of_every_file() -> None:
    """No list and no page is read without being checked."""
    files = {it.name for it in CONFIG.iterdir() if it.suffix in (".csv", ".yaml")}

    assert {it.file for it in MISTAKES} == files
    assert len(files) == 11


def test_all_mistakes_are_told_in_one_run(town: Path) -> None:
    """Whoever has mended what was told is done: nothing waits behind the first problem."""
    first_of_each = {it.file: it for it in reversed(MISTAKES)}
    for mistake in first_of_each.values():
        mistake.plant(town)

    told = {str(it) for it in check(town)}

    for mistake in first_of_each.values():
        assert {f"config/{it}" for it in mistake.told} <= told


def test_nothing_is_used_of_a_directory_with_a_mistake(town: Path) -> None:
    """Half a staff list would leave a provider unasked: it is all or nothing."""
    MISTAKES[0].plant(town)

    with pytest.raises(Unreadable, match="did you mean 'gill-marsh'"):
        load_config(town)


@pytest.mark.parametrize(
    ("file", "first_line"),
    [
        ("notes.csv", "provider,from,to,note"),
        ("known_absences.csv", "pupil,from,to,halves,reason"),
    ],
)
def test_a_missing_list_is_told_with_its_first_line(town: Path, file: str, first_line: str) -> None:
    """An office without notes keeps the file with its heading alone."""
    (town / file).unlink()

    told = [str(it) for it in check(town)]
    (town / file).write_text(first_line, encoding="utf-8")

    assert told == [f"config/{file}: no such file; make it, beginning with the line {first_line}"]
    assert check(town) == ()


def test_a_missing_list_that_others_refer_to_is_one_problem(town: Path) -> None:
    """Without pupils.csv nothing can be said of placements, so nothing is."""
    (town / "pupils.csv").unlink()

    assert [it.file for it in check(town)] == ["config/pupils.csv"]


def test_a_list_under_another_name_is_found(town: Path) -> None:
    """A clerk who saved "pupil.csv" is told which name is wanted."""
    (town / "pupils.csv").rename(town / "pupil.csv")

    assert [str(it) for it in check(town)] == ["config/pupils.csv: no such file; rename pupil.csv"]


@pytest.mark.parametrize("file", ["service.yaml", "policies.yaml", "calendar.yaml"])
def test_a_missing_page_is_one_problem(town: Path, file: str) -> None:
    """Without the policies nothing is said of a provider's policy, and so on."""
    (town / file).unlink()

    assert [str(it) for it in check(town)] == [
        f"config/{file}: no such file; make it, or name another"
    ]


def test_no_directory_is_one_problem() -> None:
    """The name of the directory is a setting, and the setting is named."""
    told = [str(it) for it in check(Path("nowhere"))]

    assert told == ["nowhere: no such directory; name the directory in APBOT_CONFIG_DIR"]


def test_a_page_that_is_no_yaml_is_told_by_its_line(town: Path) -> None:
    """A bracket left open spoils the whole page, so it is the page's one problem."""
    page = (town / "service.yaml").read_text(encoding="utf-8")
    page = page.replace("tells_ahead_at: 16:00", "tells_ahead_at: [16:00")
    (town / "service.yaml").write_text(page, encoding="utf-8")

    (problem,) = check(town)
    assert str(problem).startswith("config/service.yaml:13: not YAML")


def test_one_line_s_mistake_does_not_hide_that_there_is_no_lead(town: Path) -> None:
    """A mistyped number of one contact is no reason to be silent of a missing lead."""
    page = (town / "contacts.csv").read_text(encoding="utf-8")
    page = page.replace('sms",safeguarding lead', 'sms",deputy lead')
    page = page.replace("07700 900203", "07700 900201")
    (town / "contacts.csv").write_text(page, encoding="utf-8")

    assert [(it.line, it.what.partition(" '")[0]) for it in check(town)] == [
        (1, "no safeguarding lead"),
        (4, "mobile"),
    ]


def test_an_office_without_a_sandbox_says_nothing_of_it(town: Path) -> None:
    """A live service has no phones side by side, and its clock is the machine's."""
    page = (town / "service.yaml").read_text(encoding="utf-8").partition("sandbox:")[0]
    (town / "service.yaml").write_text(page, encoding="utf-8")

    sandbox = load_config(town).sandbox

    assert (sandbox.starts, sandbox.phones) == (None, ())


def test_two_who_cover_for_each_other_are_no_mistake(town: Path) -> None:
    """An office of two has no third person to end the line."""
    page = (town / "contacts.csv").read_text(encoding="utf-8")
    page = page.replace("Mon-Fri,dawn-pike,8 Feb", "Mon-Fri,gill-marsh,8 Feb")
    (town / "contacts.csv").write_text(page, encoding="utf-8")

    assert check(town) == ()


def saved_by_a_british_spreadsheet(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def saved_with_semicolons(text: str) -> bytes:
    return text.replace(",", ";").encode()


def saved_with_its_separator_named(text: str) -> bytes:
    return ("sep=;\r\n" + text.replace(",", ";")).encode()


def saved_with_tabs(text: str) -> bytes:
    return text.replace(",", "\t").encode("utf-16")


def saved_as_windows_1252(text: str) -> bytes:
    return text.encode("windows-1252")


def saved_with_empty_columns_and_rows(text: str) -> bytes:
    return "".join(f"{line},,,\n" for line in text.splitlines()).encode() + b",,,,,,\n\n,,,\n"


def saved_with_old_line_ends(text: str) -> bytes:
    return text.replace("\n", "\r").encode()


def typed_with_spaces_and_capitals(text: str) -> bytes:
    head, _, rest = text.partition("\n")
    return (head.title() + "\n" + rest.replace(",", " ,\u00a0")).encode()


@pytest.mark.parametrize(
    "saved",
    [
        saved_by_a_british_spreadsheet,
        saved_with_semicolons,
        saved_with_its_separator_named,
        saved_with_tabs,
        saved_as_windows_1252,
        saved_with_empty_columns_and_rows,
        saved_with_old_line_ends,
        typed_with_spaces_and_capitals,
    ],
)
def test_a_list_is_the_same_however_it_was_saved(town: Path, saved: Callable[[str], bytes]) -> None:
    """What spreadsheets differ in is no mistake: the same pupils come out, accents and all."""
    as_written = load_config(town).people.pupils
    page = (town / "pupils.csv").read_text(encoding="utf-8").replace("Zielińska", "Zielinska")
    (town / "pupils.csv").write_bytes(saved(page))

    pupils = load_config(town).people.pupils

    names = [it.name.replace("Zielińska", "Zielinska") for it in as_written]
    assert [it.name for it in pupils] == names
    assert [it.known_as for it in pupils] == [it.known_as for it in as_written]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "config/notes.csv:1: the file is empty"),
        (b"PK\x03\x04 and so on", "config/notes.csv: this is a workbook, not a CSV file"),
        (b"provider,from,to,note\nalder\x81", "config/notes.csv: neither UTF-8 nor windows-1252"),
    ],
)
def test_what_is_no_list_is_told_as_what_it_is(town: Path, raw: bytes, told: str) -> None:
    """A workbook saved under the name of a list is an everyday slip."""
    (town / "notes.csv").write_bytes(raw)

    (problem,) = check(town)
    assert str(problem).startswith(told)


def test_a_line_is_counted_as_an_editor_counts_it(town: Path) -> None:
    """A cell with a line break in it takes two lines, and the next row is on the third."""
    page = (
        "provider,from,to,note\n"
        'southpaw,23 Nov 2026,,"two\nlines"\n'
        "\n"
        "nowhere,23 Nov 2026,,one line\n"
    )
    (town / "notes.csv").write_text(page, encoding="utf-8")

    (problem,) = check(town)
    assert (problem.line, problem.file) == (5, "config/notes.csv")
