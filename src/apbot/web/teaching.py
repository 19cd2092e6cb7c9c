"""
Teaching the bot a word: what it means, what it would change, and then it counts for this office.

Whoever reads the replies may teach. Nothing is kept that was not tried first, and every word taught
or taken back is in the trail.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from apbot.desk import teaching as desk
from apbot.desk.teaching import MEANINGS, Trial
from apbot.domain.taught import TaughtWord
from apbot.store.heard import HeardReply
from apbot.store.lists import Held, list_words
from apbot.store.trail import leave_trail
from apbot.store.values import from_json
from apbot.web.lobby import Here, Lobby, NotAllowed, Posting, Signed, Viewer
from apbot.web.pages import page

router = APIRouter(include_in_schema=False)

MOST_SHOWN = 12
"""So many replies that would be read otherwise are shown."""


def teaching(viewer: Signed) -> Viewer:
    """Return who may teach. Raises NotAllowed for a reader."""
    if not viewer.may_teach:
        raise NotAllowed("Teaching the bot words is for contacts and the office.")
    return viewer


Teaching = Annotated[Viewer, Depends(teaching)]
"""Somebody who may teach a word; for a form, ask for Posting as well."""


@router.get("/words")
def words(request: Request, lobby: Here, viewer: Teaching, reply: int | None = None) -> Response:
    """Ask for a word, and show those that were taught."""
    return _shown(request, lobby, viewer, _reply(lobby, viewer, reply))


@router.post("/words/try")
def try_word(
    request: Request,
    lobby: Here,
    viewer: Teaching,
    sent: Posting,
    phrase: Annotated[str, Form(max_length=200)] = "",
    meaning: Annotated[str, Form(max_length=60)] = "",
    reply: Annotated[int | None, Form()] = None,
) -> Response:
    """Say what a word would do; change nothing."""
    found = _reply(lobby, viewer, reply)
    trial = _tried(lobby, phrase, meaning, found)
    return _shown(request, lobby, viewer, found, trial)


@router.post("/words")
def keep(
    request: Request,
    lobby: Here,
    viewer: Teaching,
    sent: Posting,
    phrase: Annotated[str, Form(max_length=200)] = "",
    meaning: Annotated[str, Form(max_length=60)] = "",
    reply: Annotated[int | None, Form()] = None,
) -> Response:
    """Keep a word; it is tried once more, for others teach as well."""
    found = _reply(lobby, viewer, reply)
    trial = _tried(lobby, phrase, meaning, found)
    if not trial.may_be_kept:
        return _shown(request, lobby, viewer, found, trial)
    now, me, word = lobby.clock.now(), viewer.person.key, trial.word
    with lobby.desk.database.writing() as db:
        if desk.keep_word(db, trial, now, me):
            leave_trail(db, now, me, "taught", "word", word.phrase, desk.said_meaning(word))
    answer = RedirectResponse("/words", 303)
    return lobby.say_next(answer, f"Kept: the bot knows “{word.phrase}” from now on.")


@router.post("/words/back")
def take_back(
    lobby: Here,
    viewer: Teaching,
    sent: Posting,
    phrase: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Take a word back."""
    now, me = lobby.clock.now(), viewer.person.key
    with lobby.desk.database.writing() as db:
        is_gone = desk.take_back(db, phrase, now, me)
        if is_gone:
            leave_trail(db, now, me, "took back", "word", phrase[:100])
    answer = RedirectResponse("/words", 303)
    said = f"The bot has forgotten “{phrase}”." if is_gone else "That word was taken back already."
    return lobby.say_next(answer, said)


def _shown(
    request: Request,
    lobby: Lobby,
    viewer: Viewer,
    reply: HeardReply | None,
    trial: Trial | None = None,
) -> Response:
    with lobby.desk.database.reading() as db:
        lists = lobby.desk.lists(db)
        held = list_words(db)
    why_out = {out.word: out.why for out in desk.left_out_of(lobby.desk, lists)}
    kept: list[tuple[TaughtWord, Held]] = [(from_json(TaughtWord, row.line), row) for row in held]
    may_read = viewer.sees_concerns
    better, better_secret = desk.secrets_apart(trial.better if trial else (), may_read=may_read)
    worse, worse_secret = desk.secrets_apart(trial.worse if trial else (), may_read=may_read)
    if trial is not None or reply is not None:
        lobby.trail(viewer, "saw", "replies")
    return page(
        request,
        "words.html",
        viewer,
        status=422 if trial is not None and not trial.may_be_kept else 200,
        reply=reply,
        trial=trial,
        better=better[:MOST_SHOWN],
        more_better=len(better[MOST_SHOWN:]) + better_secret,
        worse=worse[:MOST_SHOWN],
        more_worse=len(worse[MOST_SHOWN:]) + worse_secret,
        meanings=MEANINGS,
        kept=kept,
        why_out=why_out,
        said_meaning=desk.said_meaning,
        persons={person.key: person for person in lists.people.persons},
    )


def _tried(lobby: Lobby, phrase: str, meaning: str, reply: HeardReply | None) -> Trial:
    with lobby.desk.database.reading() as db:
        word = desk.word_of(phrase, meaning)
        return desk.try_word(db, lobby.desk, word, reply, lobby.clock.now())


def _reply(lobby: Lobby, viewer: Viewer, id: int | None) -> HeardReply | None:
    """The reply that teaches the word, where the viewer may read it."""
    if id is None:
        return None
    with lobby.desk.database.reading() as db:
        found = desk.find_reply(db, id, lobby.clock.now())
    if found is None or (desk.is_secret(found) and not viewer.sees_concerns):
        return None
    return found
