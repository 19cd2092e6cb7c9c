"""What WhatsApp is asked to approve: its own rules, and ours, hold before it is handed in."""

from pathlib import Path

import pytest

from apbot.loading.says import load_scripts
from apbot.loading.templates import check_templates, load_templates
from apbot.wording.templates import template_for

REPO = Path(__file__).parents[2]
SCRIPTS = load_scripts(REPO / "conversations" / "says")

GOOD = """\
register_due:
  says: [register_prompt]
  category: utility
  language: en
  body: "The {{1}} register for {{2}} is due."
  places:
    - {fact: half, sample: AM}
    - {fact: provider, sample: Alder Farm}
  buttons: [Show the list]
"""


def problems(directory: Path, old: str = "", new: str = "", more: str = "") -> list[str]:
    """Return what is wrong with the good template after this change."""
    assert old in GOOD
    (directory / "whatsapp.yaml").write_text(GOOD.replace(old, new, 1) + more, encoding="utf-8")
    return [str(one).partition("whatsapp.yaml:")[2] for one in check_templates(directory, SCRIPTS)]


def test_the_templates_as_they_stand_are_what_whatsapp_takes() -> None:
    """Those kept with the conversations have every fact and script that they name."""
    directory = REPO / "conversations" / "templates"

    assert check_templates(directory, SCRIPTS) == ()
    assert set(load_templates(directory)) >= {"register_due", "quick_1", "quick_2", "quick_3"}


def test_a_good_template_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"The {{1}}', '"{{1}}', "begins or ends with a place"),
        ("{{2}} is due.", "{{2}}.", "begins or ends with a place"),
        ("register for {{2}}", "{{2}}", "two places side by side"),
        ("{{2}} is", "{{3}} is", "names the places [1, 3] and has 2"),
        ("fact: half", "fact: haalf", "haalf is no fact"),
        ("fact: half", "fact: roster", "roster names pupils on a locked phone"),
        ("[register_prompt]", "[register_promt]", "register_promt is no script"),
        ("Show the list", "Show me the whole list", "is over 20 characters"),
        ("category: utility", "category: marketing", "no category known here"),
        ("category: utility", "category: none", "only quick_1 to quick_3"),
        ("is due.", "is due. " + "x" * 1000, "is over 1024 characters"),
        ("  buttons: [Show the list]\n", "", "buttons is missing"),
    ],
)
def test_what_whatsapp_would_turn_down_is_told_first(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """Each with its line, so that a clerk finds it."""
    found = problems(tmp_path, old, new)

    assert any(said in one for one in found), found


def test_a_script_has_one_template(tmp_path: Path) -> None:
    """Two would leave open which goes."""
    again = GOOD.replace("register_due:", "register_again:")

    assert "said by register_due and by register_again" in problems(tmp_path, more=again)[0]


def test_a_place_is_one_line() -> None:
    """WhatsApp refuses a template whose places hold lines or wide gaps."""
    templates = load_templates(REPO / "conversations" / "templates")
    due = template_for(templates, "register_prompt")
    assert due is not None

    places = due.fill({"half": "AM", "provider": "Alder\n  Farm", "start": "09:30", "due_count": 6})

    assert places == {"1": "AM", "2": "Alder Farm", "3": "09:30", "4": "6"}
    assert due.words(places).startswith(
        "The AM register for Alder Farm starts at 09:30, with 6 due"
    )
