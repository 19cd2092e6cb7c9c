"""What a contact tells ahead: whether a message is one, of whom, and what it says."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apbot.domain.foretold import Foretelling, Tells
from apbot.domain.words import Reason
from apbot.loading.hears import load_lexicon
from apbot.loading.problems import Unreadable
from apbot.reading.foretelling import read_answer, read_foretelling
from apbot.reading.foretold_pieces import Nameable, Told
from apbot.reading.lexicon import Lexicon
from apbot.store.lists import Lists
from tests.reading.score import load_cases
from tests.reading.test_days import MONDAY, shown, told

Reads = Callable[..., Foretelling | None]


@pytest.fixture
def reads(town_lists: Lists, lexicon: Lexicon) -> Reads:
    """Read a text of a contact on that Monday, in the town."""

    def reading(text: str, **context: Any) -> Foretelling | None:
        return read_foretelling(replace(told(text, town_lists), **context), lexicon)

    return reading


def meant(read: Foretelling | None) -> str:
    """A telling in short: what, of whom, when and why; "-" for none."""
    if read is None:
        return "-"
    who = [*read.pupils, *read.providers, *([f"?{read.said}"] if read.said else [])]
    why = [str(read.reason)] if read.reason else []
    words = [str(read.tells), *who, shown(read.days), *why, *([read.text] if read.text else [])]
    return " | ".join(words) + (" | several" if read.is_several else "")


CHLOE, FEMI = "chloe-davies", "femi-okafor"

MEANT = {
    # By a command at the head.
    "absent Chloe D tomorrow dentist": f"away | {CHLOE} | 11-24 | medical_appointment",
    "Absent: chloe davies tomorrow, dentist": f"away | {CHLOE} | 11-24 | medical_appointment",
    "ABSENT CHLOE D TOMORROW": f"away | {CHLOE} | 11-24 | unknown",
    "away femi 23-27 nov suspended": f"away | {FEMI} | 11-23>11-27 | suspended",
    "off femi next Tue": f"away | {FEMI} | 12-01 | unknown",
    "absence Femi wed court": f"away | {FEMI} | 11-25 | other",
    "known absence Femi O thurs and fri, funeral": f"away | {FEMI} | 11-26>11-27 | family",
    "absent Okafor tomorrow": f"away | {FEMI} | 11-24 | unknown",
    "absent Femy O tomorrow": f"away | {FEMI} | 11-24 | unknown",
    "absent femi": f"away | {FEMI} | none | unknown",
    "absent femi today": f"away | {FEMI} | 11-23 | unknown",
    "not in: femi tomorrow, ill": f"away | {FEMI} | 11-24 | illness",
    "please mark femi absent tomorrow thanks": f"away | {FEMI} | 11-24 | unknown",
    "can you put femi down as absent tomorrow pls": f"away | {FEMI} | 11-24 | unknown",
    "absent Chloe D and Femi tomorrow, trip": f"away | {CHLOE} | {FEMI} | 11-24 | other",
    # By a pupil, words of absence and a day.
    "Femi away 23-27 Nov suspended": f"away | {FEMI} | 11-23>11-27 | suspended",
    "chloe d off mon to wed hospital": f"away | {CHLOE} | 11-23>11-25 | medical_appointment",
    "chloe d off today, ill": f"away | {CHLOE} | 11-23 | illness",
    "Chloe D: dentist tomorrow afternoon": f"away | {CHLOE} | 11-24 PM | medical_appointment",
    "femi won't be in tomorrow": f"away | {FEMI} | 11-24 | unknown",
    "femi isnt in tomorrow, holiday": f"away | {FEMI} | 11-24 | holiday",
    "femi not attending Wed 25th Nov, court": f"away | {FEMI} | 11-25 | other",
    "Femi's off tomorrow": f"away | {FEMI} | 11-24 | unknown",
    "femi ill till wed": f"away | {FEMI} | 11-23>11-25 | illness",
    "femi ill back wed": f"away | {FEMI} | 11-23>11-24 | illness",
    "chloe d off sick, back on thursday": f"away | {CHLOE} | 11-23>11-25 | illness",
    "femi suspended 3 days": f"away | {FEMI} | 11-23>11-25 | suspended",
    "femi excluded until christmas": f"away | {FEMI} | 11-23>12-18 | suspended",
    "hi, femi will be absent tomorrow due to a hospital appointment. thanks": (
        f"away | {FEMI} | 11-24 | medical_appointment"
    ),
    "mum says femi is off tomorrow ill": f"away | {FEMI} | 11-24 | illness",
    "femi off tomorrow 9.30 appt": f"away | {FEMI} | 11-24 | medical_appointment",
    "Mo off tomorrow": "away | mohammed-iqbal | 11-24 | unknown",
    "zosia off fri, eid": "away | zofia-nowak | 11-27 | religious",
    "Sian off friday": "away | sian-prosser | 11-27 | unknown",
    "Summer D off wed": "away | summer-day | 11-25 | unknown",
    "Zoe B off thu pm, physio": "away | zoe-bellamy | 11-26 PM | medical_appointment",
    "Jack Ta off thursday": "away | jack-tanner | 11-26 | unknown",
    "Jack Tully excluded until 5th January": "away | jack-tully | 11-23>01-05 | suspended",
    "absent femi Alder Farm mon and wed, ill": f"away | {FEMI} | 11-23 11-25 | illness",
    # Away in one half, and back in the other of the same day.
    "absent chloe d tomorrow, dentist in the morning then back for the afternoon": (
        f"away | {CHLOE} | 11-24 AM | medical_appointment"
    ),
    "absent chloe d tomorrow, dentist, back for the afternoon": (
        f"away | {CHLOE} | 11-24 AM | medical_appointment"
    ),
    "chloe d off tomorrow, hospital appointment, in for the afternoon": (
        f"away | {CHLOE} | 11-24 AM | medical_appointment"
    ),
    "absent chloe d tomorrow am dentist, in pm": (
        f"away | {CHLOE} | 11-24 AM | medical_appointment"
    ),
    "absent chloe d tomorrow pm, in am": f"away | {CHLOE} | 11-24 PM | unknown",
    "absent chloe d tomorrow dentist back by lunch": (
        f"away | {CHLOE} | 11-24 AM | medical_appointment"
    ),
    "absent chloe d tomorrow dentist until lunch": (
        f"away | {CHLOE} | 11-24 AM | medical_appointment"
    ),
    "absent chloe d tomorrow dentist back at 12.30": (
        f"away | {CHLOE} | 11-24 AM | medical_appointment"
    ),
    "absent chloe d tomorrow bloods, in by 1": (f"away | {CHLOE} | 11-24 AM | medical_appointment"),
    "absent femi 24 nov back 26 nov": f"away | {FEMI} | 11-24>11-25 | unknown",
    "absent femi tomorrow back 1 dec": f"away | {FEMI} | 11-24>11-30 | unknown",
    # In after all.
    "chloe d in tomorrow after all": f"in | {CHLOE} | 11-24",
    "cancel absent Chloe D tomorrow": f"in | {CHLOE} | 11-24",
    "cancel chloe d's absence tomorrow": f"in | {CHLOE} | 11-24",
    "remove absence femi": f"in | {FEMI} | none",
    "Femi back Thursday": f"in | {FEMI} | 11-26",
    "femi returning on wed": f"in | {FEMI} | 11-25",
    "femi not off tomorrow": f"in | {FEMI} | 11-24",
    "femi isn't off tomorrow after all": f"in | {FEMI} | 11-24",
    "femi will be in tomorrow": f"in | {FEMI} | 11-24",
    "femi is in tomorrow, dentist cancelled": f"in | {FEMI} | 11-24",
    "undo": "undo | none",
    "Undo that": "undo | none",
    # Notes.
    "note Alder Farm: Aiden's taxi is 20 min late all week": (
        "note | alder-farm | 11-23>11-27 | Aiden's taxi is 20 min late all week"
    ),
    "note for the garage tomorrow: fire drill at 11": "note | cog-lane | 11-24 | fire drill at 11",
    "Note to Southpaw mon to wed: no gloves": "note | southpaw | 11-23>11-25 | no gloves",
    "note the gym friday - vet at 10": "note | southpaw | 11-27 | vet at 10",
    "tell Alder Farm tomorrow: minibus at 9.15": "note | alder-farm | 11-24 | minibus at 9.15",
    "note Alder Farm: gate code changed": "note | alder-farm | none | gate code changed",
    "note Alder Farm tomorrow": "note | alder-farm | 11-24",
    "note tuition tomorrow: hello": "note | ?tuition tomorrow | 11-24 | hello",
    "note Nowhere Barn tomorrow: hello": "note | ?Nowhere Barn tomorrow | 11-24 | hello",
    "cancel note Alder Farm": "note_over | alder-farm | none",
    "delete the note for southpaw tomorrow": "note_over | southpaw | 11-24",
    # Who is meant must be asked, or is nobody.
    "Jack T not in until half term, exclusion": "away | ?jack t | 11-23>02-12 | suspended",
    "alex off tomorrow": "away | ?alex | 11-24 | unknown",
    "absent Dave tomorrow": "away | ?Dave | 11-24 | other",
    "Dave B off tomorrow ill": "away | ?Dave B | 11-24 | illness",
    # Several things at once are told one at a time.
    "Femi off mon and chloe off tue": f"away | {FEMI} | {CHLOE} | unclear | unknown | several",
    "chloe dentist, femi ill tomorrow": (
        f"away | {CHLOE} | {FEMI} | 11-24 | medical_appointment | several"
    ),
    # No such message.
    "ok": "-",
    "on it": "-",
    "done": "-",
    "spoke to mum, she's ill": "-",
    "left a voicemail, will try again tomorrow": "-",
    "off to see mum now": "-",
    "will call back thursday": "-",
    "off sick, spoke to dad": "-",
    "noted": "-",
    "noted thanks": "-",
    "back now": "-",
    "femi is at home": "-",
    "is chloe off tomorrow?": "-",
    "femi might be off tomorrow": "-",
    "if femi is off tomorrow let me know": "-",
    "everyone off tomorrow": "-",
    "who is off tomorrow": "-",
    "alder farm closed tomorrow": "-",
    "stop": "-",
    "cancel": "-",
    "help": "-",
    "": "-",
    "may": "-",
}


@pytest.mark.parametrize(("text", "means"), MEANT.items(), ids=list(MEANT))
def test_a_text_means_what_a_colleague_would_take_it_for(
    text: str, means: str, reads: Reads
) -> None:
    """With no case open, on Monday 23 November 2026."""
    assert meant(reads(text)) == means


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("absent femi", "-"),
        ("femi off today, ill", "-"),
        ("femi off this pm, ill", f"away | {FEMI} | 11-23 PM | illness"),
        ("femi is ill", "-"),
        ("spoke to mum, femi is ill, back tomorrow", "-"),
        ("femi back thursday", "-"),
        ("femi found, back now", "-"),
        ("off sick tomorrow as well", "-"),
        ("absent K7", "-"),
        ("K7 femi off until friday, ill", "-"),
        ("note K7 mum will ring tomorrow", "-"),
        ("note: mum will ring tomorrow", "-"),
        ("absent femi tomorrow, ill", f"away | {FEMI} | 11-24 | illness"),
        ("femi off until friday, ill", f"away | {FEMI} | 11-23>11-27 | illness"),
        ("chloe d off today", "-"),
        ("chloe d off tomorrow", f"away | {CHLOE} | 11-24 | unknown"),
    ],
)
def test_beside_an_open_case_only_a_command_or_a_day_to_come_tells_ahead(
    text: str, means: str, reads: Reads
) -> None:
    """K7 is Femi's: with no day, with today alone, or with its ref, a text is about the case."""
    read = reads(text, busy=frozenset({FEMI}), has_cases=True, refs=frozenset({"k7"}))

    assert meant(read) == means


def test_back_is_news_of_a_case_unless_an_absence_is_known(reads: Reads) -> None:
    """With an open case "Femi back Thursday" takes something back only where there is something."""
    context = {"busy": frozenset({FEMI}), "has_cases": True}

    assert reads("femi back thursday", **context) is None
    read = reads("femi back thursday", away=frozenset({FEMI}), **context)
    assert meant(read) == f"in | {FEMI} | 11-26"


def test_after_all_needs_no_day_where_an_absence_is_known(reads: Reads) -> None:
    """ "Chloe in after all" ends what is known from today on."""
    assert reads("chloe d in after all") is None
    assert meant(reads("chloe d in after all", away=frozenset({CHLOE}))) == f"in | {CHLOE} | none"


def test_what_contacts_say_of_cases_goes_on_to_be_read_as_that(
    town_lists: Lists, lexicon: Lexicon
) -> None:
    """Not one of the labelled case replies is taken for a telling."""
    providers = tuple(Nameable(p.key, p.name, kind=p.kind) for p in town_lists.people.providers)
    cases = [case for case in load_cases() if case["speaker"] == "css" and case["cases"]]
    taken = []
    for case in cases:
        named = dict.fromkeys(each["pupil"] for each in case["cases"] if each.get("pupil"))
        message = Told(
            text=case["text"],
            today=MONDAY,
            calendar=town_lists.calendar,
            pupils=tuple(Nameable(name, name) for name in named),
            providers=providers,
            refs=frozenset(each["ref"].lower() for each in case["cases"]),
            busy=frozenset(named),
            has_cases=True,
        )
        if read_foretelling(message, lexicon) is not None:
            taken.append(f"{case['id']}: {case['text']!r}")

    assert cases
    assert not taken, "\n".join(taken)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        *(
            (text, True)
            for text in ("ok", "OK.", "yes", "Y", "yep 👍", "👍", "yes please", "Ok ta")
        ),
        *((text, False) for text in ("no", "N", "nope", "no thanks", "wrong", "👎")),
        *((text, None) for text in ("ok K7", "yes no", "ok?", "", "maybe", "on it", "stop", "2 3")),
        ("2", 2),
        ("#2", 2),
        (" 2. ", 2),
    ],
)
def test_only_a_bare_word_is_an_answer(
    text: str, answer: bool | int | None, lexicon: Lexicon
) -> None:
    """Whatever stands beside it makes it a message of its own."""
    assert read_answer(text, lexicon) is answer or read_answer(text, lexicon) == answer


def test_several_who_fit_are_all_offered_and_an_answer_settles_it(reads: Reads) -> None:
    """Read again with the answer, the same text means one of them."""
    read = reads("Jack T off thursday")
    assert read is not None
    assert read.offered == ("jack-tanner", "jack-tully")

    again = reads("Jack T off thursday", chosen={"jack t": "jack-tully"})

    assert again is not None
    assert (again.tells, again.pupils, again.reason) == (
        Tells.AWAY,
        ("jack-tully",),
        Reason.UNKNOWN,
    )


def test_an_unknown_name_comes_with_those_that_are_near(reads: Reads) -> None:
    """By letters, or by how it begins."""
    read = reads("absent Chlodwig tomorrow")

    assert read is not None
    assert (read.pupils, read.offered, read.near) == ((), (), (CHLOE,))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("foretelling:\n  awya: [gone fishing]\n", "2: 'awya' is no word that is known"),
        ("foretelling: [off]\n", "1: 'foretelling' is not by word"),
        ("foretelling:\n  away: [off]\n  back: [off]\n", "3: 'off' is here and in "),
    ],
)
def test_a_mistake_in_the_words_is_named_with_its_line(
    text: str, problem: str, tmp_path: Path
) -> None:
    """As in every other file that a clerk may edit."""
    (tmp_path / "ours.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(Unreadable) as error:
        load_lexicon(tmp_path)

    found = [
        f"{p.line}: {p.what}" for p in error.value.problems if Path(p.file).name == "ours.yaml"
    ]
    assert len(found) == 1
    assert found[0].startswith(problem)
