"""What stands of all that was told ahead: of each half day, what was said last."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apbot.domain.foretold import ToldAbsence, ToldNote, standing_absences, standing_notes, without
from apbot.domain.people import KnownAbsence, Note, Span
from apbot.domain.words import Half, Reason

FIRST = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)
BOTH = frozenset(Half)


def a_span(start: int, end: int) -> Span:
    """From one day to another, counted from Monday the 23rd."""
    return Span(FIRST + timedelta(days=start), FIRST + timedelta(days=end))


def a_telling(
    span: Span, reason: Reason | None, at: int, halves: frozenset[Half] = BOTH
) -> ToldAbsence:
    """Told so many minutes after eight."""
    moment = EIGHT + timedelta(minutes=at)
    return ToldAbsence("femi", span, halves, reason, "gill", "Gill Marsh", moment, inbox=at)


def known(
    listed: list[tuple[datetime, KnownAbsence]], told: list[ToldAbsence]
) -> list[tuple[Span, Reason]]:
    """What stands, as spans and reasons, in the order of the days."""
    stands = standing_absences(listed, told)
    return sorted(((one.span, one.reason) for one in stands), key=lambda pair: pair[0].from_on)


def test_a_part_taken_back_splits_the_span() -> None:
    """Both ends stay."""
    told = [a_telling(a_span(0, 4), Reason.ILLNESS, 1), a_telling(a_span(2, 2), None, 2)]

    assert known([], told) == [
        (a_span(0, 1), Reason.ILLNESS),
        (a_span(3, 4), Reason.ILLNESS),
    ]


def test_a_half_taken_back_leaves_the_other() -> None:
    """ "In on Tuesday morning after all": the afternoon stands."""
    absence = KnownAbsence("femi", a_span(0, 2), BOTH, Reason.ILLNESS)

    left = without(absence, a_span(1, 1), frozenset({Half.AM}))

    assert [(one.span, one.halves) for one in left] == [
        (a_span(0, 0), BOTH),
        (a_span(1, 1), {Half.PM}),
        (a_span(2, 2), BOTH),
    ]


def test_a_telling_overrides_an_earlier_line_of_a_file_and_a_later_line_overrides_it() -> None:
    """What was said last counts, by whichever way."""
    line = KnownAbsence("femi", a_span(0, 4), BOTH, Reason.SUSPENDED)
    told = [a_telling(a_span(1, 1), None, 30)]

    assert known([(EIGHT, line)], told) == [
        (a_span(0, 0), Reason.SUSPENDED),
        (a_span(2, 4), Reason.SUSPENDED),
    ]
    assert known([(EIGHT + timedelta(hours=1), line)], told) == [
        (a_span(0, 4), Reason.SUSPENDED),
    ]


def test_a_telling_of_one_pupil_leaves_the_others() -> None:
    """Nobody else comes in because Femi does."""
    line = KnownAbsence("chloe", a_span(0, 4), BOTH, Reason.ILLNESS)

    assert known([(EIGHT, line)], [a_telling(a_span(0, 4), None, 1)]) == [
        (a_span(0, 4), Reason.ILLNESS)
    ]


def test_a_note_is_told_until_it_is_taken_back() -> None:
    """A day of it, or all; another note of the same provider stays."""
    by = ("gill", "Gill Marsh")
    minute = timedelta(minutes=1)
    told = [
        ToldNote("farm", a_span(0, 4), "late taxi", False, *by, EIGHT + minute),
        ToldNote("farm", a_span(0, 1), "vet", False, *by, EIGHT + 2 * minute),
        ToldNote("farm", a_span(3, 9), "late taxi", True, *by, EIGHT + 3 * minute),
    ]
    listed = [(EIGHT, Note("garage", a_span(0, 0), "fire drill"))]

    assert standing_notes(listed, told) == (
        Note("garage", a_span(0, 0), "fire drill"),
        Note("farm", a_span(0, 2), "late taxi"),
        Note("farm", a_span(0, 1), "vet"),
    )


spans = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda two: a_span(*sorted(two)))
some_halves = st.sampled_from([BOTH, frozenset({Half.AM}), frozenset({Half.PM})])
reasons = st.sampled_from([None, Reason.ILLNESS, Reason.SUSPENDED])


@given(
    lines=st.lists(st.tuples(spans, some_halves), max_size=2),
    said=st.lists(st.tuples(spans, some_halves, reasons), max_size=6),
)
def test_of_every_half_day_the_latest_saying_stands_and_only_once(
    lines: list[tuple[Span, frozenset[Half]]],
    said: list[tuple[Span, frozenset[Half], Reason | None]],
) -> None:
    """Whatever was told in whatever order, day by day as a person would work it out."""
    listed = [
        (EIGHT - timedelta(minutes=n), KnownAbsence("femi", span, halves, Reason.FAMILY))
        for n, (span, halves) in enumerate(lines)
    ]
    told = [a_telling(span, reason, n + 1, halves) for n, (span, halves, reason) in enumerate(said)]

    stands = standing_absences(listed, told)

    for n in range(10):
        day = FIRST + timedelta(days=n)
        for half in Half:
            latest = [one for one in told if half in one.halves and one.span.covers(day)]
            by_file = [one for _, one in listed if one.covers(day, half)]
            here = {one.reason for one in stands if one.covers(day, half)}
            expected = {latest[-1].reason} if latest else {one.reason for one in by_file}
            assert here == expected - {None}
