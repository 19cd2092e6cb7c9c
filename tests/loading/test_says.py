from pathlib import Path

import pytest

from apbot.loading.problems import Unreadable
from apbot.loading.says import load_scripts

PROVIDER = """\
register_prompt:
  to: staff on duty
  facts: [provider, half]
  text: "{provider} {half}: who is in?"
register_chase:
  to: staff on duty
  facts: [half]
  text: |
    Still no {half} register.
    Who is in?
  sms: "No {half} register yet"
  parts: 1
"""


def says(directory: Path, **files: str) -> Path:
    """Write files by name, `provider_pl` as provider.pl.yaml."""
    for name, text in files.items():
        (directory / f"{name.replace('_', '.')}.yaml").write_text(text, encoding="utf-8")
    return directory


def problems(directory: Path) -> list[str]:
    """Return what is wrong, with the file's name alone for its path."""
    with pytest.raises(Unreadable) as unreadable:
        load_scripts(directory)
    return [
        f"{Path(found.file).name}{str(found)[len(found.file) :]}"
        for found in unreadable.value.problems
    ]


def test_scripts_are_read_by_name(tmp_path: Path) -> None:
    """What stands in the file is what is spoken."""
    scripts = load_scripts(says(tmp_path, provider=PROVIDER))

    chase = scripts.named("register_chase")
    assert chase.to == "staff on duty"
    assert chase.facts == ("half",)
    assert chase.text == "Still no {half} register.\nWho is in?\n"
    assert chase.sms == "No {half} register yet"
    assert chase.parts == 1
    assert scripts.named("register_prompt").parts == 2
    assert scripts.named("register_prompt").sms is None


def test_a_script_keeps_plain_texts(tmp_path: Path) -> None:
    """A line number means nothing beyond its file."""
    prompt = load_scripts(says(tmp_path, provider=PROVIDER)).named("register_prompt")

    assert {type(prompt.name), type(prompt.to), type(prompt.text)} == {str}
    assert {type(fact) for fact in prompt.facts} == {str}


def test_a_translation_takes_the_rest_from_its_script(tmp_path: Path) -> None:
    """A translator writes words alone."""
    polish = "register_prompt:\n  text: 'Kto jest? {provider} {half}'\n"
    scripts = load_scripts(says(tmp_path, provider=PROVIDER, provider_pl=polish))

    prompt = scripts.named("register_prompt", "pl")
    assert prompt.text == "Kto jest? {provider} {half}"
    assert prompt.facts == ("provider", "half")
    assert prompt.language == "pl"
    assert scripts.named("register_chase", "pl").language == "en"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "a:\n  to: x\n  facts: [provider]\n  text: 'hello {provider}\n\n    and {provder}'\n",
            "css.yaml:6: {provder} is not a fact of a; did you mean {provider}?",
        ),
        (
            "a:\n  to: x\n  text: hello {ref}\n",
            "css.yaml:3: {ref} is not a fact of a; add it to its facts, or take it out",
        ),
        (
            "a:\n  to: x\n  facts: [half]\n  text: |\n    {half}\n    {Half}\n",
            "css.yaml:6: '{Half}' is no placeholder of a; did you mean {half}?",
        ),
        (
            "a:\n  to: x\n  facts: [half]\n  text: '{half} {half'\n",
            "css.yaml:4: '{half' is no placeholder of a; did you mean {half}?",
        ),
        (
            "a:\n  to: x\n  text: 'hello }'\n",
            "css.yaml:3: '}' is no placeholder of a; "
            "write {fact}, in small letters, with both braces",
        ),
        (
            "a:\n  to: x\n  facts: [half, ref]\n  text: '{half}'\n",
            "css.yaml:1: a never uses its fact {ref}; use it in the text, or take it out of facts",
        ),
        (
            "a:\n  to: x\n  facts: [half, half]\n  text: '{half}'\n",
            "css.yaml:3: 'half' is among the facts of a twice; keep one of them",
        ),
        (
            "a:\n  to: x\n  facts: [Half]\n  text: 'hello'\n",
            "css.yaml:3: 'Half' is no name of a fact; use small letters, figures and _",
        ),
        (
            "a:\n  to: x\n  facts: half\n  text: 'hello'\n",
            "css.yaml:3: 'facts' of a is no list; write facts: [provider, ref]",
        ),
        (
            "a:\n  to: x\n  txt: hello\n  text: hello\n",
            "css.yaml:3: 'txt' is nothing a can have; did you mean text?",
        ),
        (
            "a:\n  to: x\n  colour: red\n  text: hello\n",
            "css.yaml:3: 'colour' is nothing a can have; "
            "it can have to, facts, text, sms, line, voice, board, parts",
        ),
        ("a:\n  to: x\n", "css.yaml:1: a has no 'text'; write text: \"…\" below it"),
        ("a:\n  text: x\n", "css.yaml:1: a has no 'to'; write to: \"…\" below it"),
        ("a:\n  to: x\n  text: ''\n", "css.yaml:3: 'text' of a is no text; write text: \"…\""),
        ("a:\n  to: x\n  text: b\n  sms:\n", "css.yaml:4: 'sms' of a is no text; write sms: \"…\""),
        ("a:\n  to: x\n  text: [b]\n", "css.yaml:3: 'text' of a is no text; write text: \"…\""),
        (
            "a:\n  to: x\n  text: b\n  parts: two\n",
            "css.yaml:4: 'parts' of a is no number from 1 to 10; "
            "say how many SMS it may be sent as",
        ),
        (
            "a:\n  to: x\n  text: b\n  parts: 11\n",
            "css.yaml:4: 'parts' of a is no number from 1 to 10; "
            "say how many SMS it may be sent as",
        ),
        ("a: hello\n", "css.yaml:1: a is no script; give it `to:`, `facts:` and `text:`"),
        (
            "A b:\n  to: x\n  text: b\n",
            "css.yaml:1: 'A b' is no name of a script; use small letters, figures and _",
        ),
        ("- a\n", "css.yaml:1: the file is no list of scripts; begin each with `its_name:`"),
        (
            f"a:\n  to: x\n  text: {'b' * 161}\n  parts: 1\n",
            "css.yaml:3: a takes 2 SMS before a fact is filled in, and may take 1; "
            "shorten it, give it a shorter `sms:`, or more `parts:`",
        ),
        (
            f"a:\n  to: x\n  text: {'b' * 80} ✓\n  parts: 1\n",
            "css.yaml:3: a takes 2 SMS before a fact is filled in, and may take 1; "
            "✓ makes a part 70 characters and not 160: leave it out, or "
            "shorten it, give it a shorter `sms:`, or more `parts:`",
        ),
        (
            "a:\n  to: x\n  text: Text 'cancel' to leave\n",
            "css.yaml:3: a teaches “Text 'cancel”, with which a network stops all texts; "
            "choose another word",
        ),
        (
            "a:\n  to: x\n  text: |\n    hello\n    END K7 when it is over\n",
            "css.yaml:5: a teaches “END”, with which a network stops all texts; "
            "choose another word",
        ),
        (
            "a:\n  to: x\n  text: b\na:\n  to: x\n  text: b\n",
            "css.yaml:4: 'a' is here twice; keep one of them",
        ),
    ],
)
def test_a_slip_is_told_with_its_line_and_its_remedy(
    written: str, said: str, tmp_path: Path
) -> None:
    """Found before it is spoken: a hole in a warning about a child helps nobody."""
    assert problems(says(tmp_path, css=written)) == [said]


@pytest.mark.parametrize(
    "text", ["until the end of the day", "please stop and look", "Dental appointment cancelled"]
)
def test_a_stopping_word_in_plain_speech_is_no_command(text: str, tmp_path: Path) -> None:
    """Only what a person is told to send is dangerous."""
    written = f"a:\n  to: x\n  text: {text}\n"

    assert load_scripts(says(tmp_path, css=written)).named("a").text == text


def test_a_long_text_with_a_short_sms_fits(tmp_path: Path) -> None:
    """Only the words for SMS are held against its parts."""
    written = f"a:\n  to: x\n  text: {'b' * 900}\n  sms: short\n"

    assert load_scripts(says(tmp_path, css=written)).named("a").sms == "short"


def test_accents_do_not_count_against_the_parts(tmp_path: Path) -> None:
    """They are folded before a text is sent."""
    written = f"a:\n  to: x\n  text: {'ł' * 160}\n  parts: 1\n"

    assert "a" in load_scripts(says(tmp_path, css=written))


def test_a_script_in_two_files_is_no_winner(tmp_path: Path) -> None:
    """Whichever were taken, somebody would edit the other in vain."""
    written = "a:\n  to: x\n  text: b\n"

    [said] = problems(says(tmp_path, css=written, provider=written))
    assert said.startswith("provider.yaml:1: a is in ")
    assert said.endswith("css.yaml as well; keep one of them, or rename one")


def test_a_translation_holds_only_what_its_file_holds(tmp_path: Path) -> None:
    """A text that no code asks for is never spoken."""
    polish = "register_promt:\n  text: b\nregister_prompt:\n  to: x\n  text: '{provider} {half}'\n"

    assert problems(says(tmp_path, provider=PROVIDER, provider_pl=polish)) == [
        "provider.pl.yaml:1: register_promt is no script of provider.yaml; "
        "did you mean register_prompt?",
        "provider.pl.yaml:4: 'to' is nothing register_prompt can have; "
        "leave it out: it is taken from provider.yaml",
    ]


def test_a_translation_is_held_to_the_facts_of_its_script(tmp_path: Path) -> None:
    """A fact that a translator dropped is one its reader is not told."""
    polish = "register_chase:\n  text: Kto jest?\n"

    assert problems(says(tmp_path, provider=PROVIDER, provider_pl=polish)) == [
        "provider.pl.yaml:1: register_chase never uses its fact {half}; "
        "use it in the text, or take it out of facts"
    ]


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    """One run shows the whole of the work."""
    found = problems(says(tmp_path, css="a: 1\nb: 2\n", parent="c: 3\n", provider="d: [\n"))

    assert [line.split(":")[0] for line in found] == [
        "css.yaml",
        "css.yaml",
        "parent.yaml",
        "provider.yaml",
    ]


def test_a_directory_without_scripts_is_a_problem(tmp_path: Path) -> None:
    """A bot with nothing to say would keep silent about a missing child."""
    assert problems(tmp_path)[0].endswith("holds no *.yaml file; put the scripts there")
    assert problems(tmp_path / "no")[0].endswith("no such directory; put the scripts there")


def test_an_empty_file_holds_no_scripts(tmp_path: Path) -> None:
    """A file that waits to be filled is no mistake."""
    assert len(load_scripts(says(tmp_path, css="# later\n", provider=PROVIDER))) == 2
