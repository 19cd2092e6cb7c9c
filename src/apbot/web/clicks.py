"""
Clicks: what a viewer does goes to the desk, and the page says what came of it.

A click is decided like a reply. Whoever was first wins; the other is told so on the page. Each one
is in the trail.
"""

from collections.abc import Callable, Sequence
from secrets import token_urlsafe

from starlette.responses import RedirectResponse, Response

from apbot.desk.board import Click, Declined, DoneAlready, begin
from apbot.domain.unasked import WITH_THE_LEAD
from apbot.store.registers import Stale
from apbot.store.trail import leave_trail
from apbot.web.lobby import Lobby, Viewer

MOST_TRIES = 3


def do(
    lobby: Lobby,
    viewer: Viewer,
    once: str,
    words: str,
    act: Callable[[Click], str],
    about: tuple[str, str],
    then: str,
    beside: Sequence[tuple[str, str]] = (),
) -> Response:
    """
    Have the desk do something in one transaction, and lead to a page that says what came of it.

    `words` is what the click says, for the record; `about` the kind and key of what it is about,
    `beside` of what else.
    """
    answer = RedirectResponse(then, 303)
    for _ in range(MOST_TRIES):
        try:
            said = _done(lobby, viewer, once or token_urlsafe(12), words, act, (about, *beside))
        except Declined as why:
            return lobby.say_next(answer, str(why))
        except DoneAlready:
            return answer
        except Stale:
            continue
        lobby.nudge()
        return lobby.say_next(answer, said) if said else answer
    return lobby.say_next(answer, "Somebody else changed it just now. Look again, and try again.")


def _done(
    lobby: Lobby,
    viewer: Viewer,
    once: str,
    words: str,
    act: Callable[[Click], str],
    about: Sequence[tuple[str, str]],
) -> str:
    now, key = lobby.clock.now(), viewer.person.key
    with lobby.desk.database.writing() as db:
        click = begin(db, lobby.desk, key, words, f"{key}:{once}"[:200], now)
        said = act(click)
        words = WITH_THE_LEAD if click.is_for_leads else words
        for kind, subject in about:
            leave_trail(db, now, key, "changed", kind, subject, words)
    return said
