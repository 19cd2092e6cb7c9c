"""The checker of a day in chaos: each promise that is broken is said, and a whole day passes."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chaos.checker import Tables, check

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ENDED = NINE + timedelta(hours=2)
PHONE, CHAT = "+447700900101", "700000001"

Told = dict[str, Any]
Spoil = Callable[[Tables, Told], object]


def at(minutes: float) -> str:
    """So many minutes after nine, as SQLite gives a moment."""
    return (NINE + timedelta(minutes=minutes)).replace(tzinfo=None).isoformat(" ")


def a_text(id: int, **more: object) -> dict[str, object]:
    """A row of the outbox: the prompt by SMS, unless said otherwise."""
    return {
        "id": id,
        "person": "bryn",
        "channel": "sms",
        "address": PHONE,
        "script": "register_prompt",
        "text": "Who is in?",
        "state": "sent",
        "network_id": f"SM{id}",
        "register_id": 1,
        "case_refs": "[]",
        "cause": "register",
        "made_at": at(0),
        "due_at": at(0),
        "useful_until": at(20),
        "edits_id": None,
        "callback_id": None,
        "fallback_of": None,
        "passed_on_at": None,
        "says": "",
        "tries": 1,
        "attempts": '[{"at": "2026-11-23T09:00:01+00:00", "says": "accepted"}]',
        **more,
    }


def taken(id: str, network: str = "sms", to: str = PHONE) -> dict[str, str]:
    """What a network says that it took."""
    return {"network": network, "to": to, "text": "Who is in?", "id": id, "kind": "send"}


def a_day() -> tuple[Tables, Told]:
    """One register, asked for by SMS and answered: nothing was lost."""
    row = {"id": 1, "kind": "text", "channel": "sms", "address": PHONE, "text": "all in"}
    tables: Tables = {
        "registers": [{"id": 1, "starts_at": at(0), "completed_at": at(3)}],
        "outbox": [a_text(1)],
        "inbox": [{**row, "handled_at": at(3), "came_of_it": "marks"}],
        "journal": [
            {"inbox_id": 1, "reading": "{}", "happening": "reply", "person": "", "because": ""}
        ],
        "entries": [
            {"id": 1, "register_id": 1, "number": 1, "was": None, "mark": "present", "at": at(3)}
        ],
        "cases": [],
        "deadlines": [],
    }
    typed = {"network": "sms", "address": PHONE, "text": "all in"}
    return tables, {"taken": [taken("SM1")], "typed": [typed]}


def by_telegram(tables: Tables, told: Told, *, copies: int, broken: int, state: str) -> None:
    """The prompt went by Telegram, some tries of unknown fate, so many copies taken."""
    says = [{"at": "2026-11-23T09:00:01+00:00", "says": "broke; the text may have gone"}] * broken
    if state == "sent":
        says.append({"at": "2026-11-23T09:00:09+00:00", "says": "accepted"})
    tables["outbox"] = [
        a_text(
            1,
            channel="telegram",
            address=CHAT,
            state=state,
            network_id=f"{CHAT}:{copies}" if state == "sent" else None,
            tries=len(says),
            attempts=says,
        )
    ]
    told["taken"] = [taken(str(n), "telegram", CHAT) for n in range(1, copies + 1)]


def test_a_whole_day_passes() -> None:
    """Nothing is said of a day on which nothing was lost."""
    assert check(*a_day(), ENDED) == []


def test_who_wrote_before_the_session_need_not_be_asked() -> None:
    """The register is in when it begins."""
    tables, told = a_day()
    tables["outbox"][0].update(script="read_back")
    tables["entries"][0].update(at=at(-4))

    assert check(tables, told, ENDED) == []


def test_telegram_may_have_it_twice_where_the_log_says_that_nobody_knew() -> None:
    """A second text beats a lost one."""
    tables, told = a_day()
    by_telegram(tables, told, copies=2, broken=1, state="sent")

    assert check(tables, told, ENDED) == []


def test_a_text_is_given_up_once_what_it_asks_for_has_come() -> None:
    """The network was away, and the register came in: nobody need take it up."""
    tables, told = a_day()
    tables["outbox"].append(a_text(2, state="lapsed", script="register_chase", made_at=at(11)))
    tables["outbox"][1].update(passed_on_at=at(14), says="of no use any more")

    assert check(tables, told, ENDED) == []


SPOILT: dict[str, Spoil] = {
    "kept 0 times": lambda tables, told: tables.update(inbox=[]),
    "nobody typed it": lambda tables, told: told.update(typed=[]),
    "never handled": lambda tables, told: tables["inbox"][0].update(handled_at=None),
    "was handled 2 times": lambda tables, told: tables["journal"].append(tables["journal"][0]),
    "the network took nothing": lambda tables, told: told.update(taken=[]),
    "no row accounts for: SM9": lambda tables, told: told["taken"].append(taken("SM9")),
    "no row accounts for: 2": lambda tables, told: by_telegram(
        tables, told, copies=3, broken=2, state="sent"
    ),
    "still waits": lambda tables, told: tables["outbox"].append(a_text(2, state="waiting")),
    "nobody took it up": lambda tables, told: by_telegram(
        tables, told, copies=2, broken=2, state="failed"
    ),
    "its fate was not unknown twice": lambda tables, told: by_telegram(
        tables, told, copies=1, broken=1, state="failed"
    ),
    "text 2 failed": lambda tables, told: tables["outbox"].append(a_text(2, state="failed")),
    "before the session began": lambda tables, told: tables["outbox"][0].update(made_at=at(-1)),
    "chased too early": lambda tables, told: tables["outbox"][0].update(
        script="register_chase", made_at=at(9)
    ),
    "register_prompt to bryn 2 times": lambda tables, told: tables["outbox"].append(
        a_text(2, state="lapsed")
    ),
    "say the same": lambda tables, told: tables["outbox"].extend(
        a_text(id, script="css_still", made_at=at(id)) for id in (40, 42)
    ),
    "opened early": lambda tables, told: tables["cases"].append(
        {"ref": "K7", "matter": "missing_register", "register_id": 1, "opened_at": at(29)}
    ),
    "was reported missing 2 times": lambda tables, told: tables["cases"].extend(
        {"ref": ref, "matter": "missing_register", "register_id": 1, "opened_at": at(30)}
        for ref in ("K7", "K8")
    ),
    "before it stood present": lambda tables, told: tables["entries"].append(
        {"id": 2, "register_id": 1, "number": 1, "was": "absent", "mark": "late", "at": at(9)}
    ),
    "never asked for": lambda tables, told: (
        tables.update(outbox=[]),
        tables["entries"][0].update(at=at(14)),
    ),
    "is empty, and nobody was told": lambda tables, told: tables.update(entries=[]),
    "was to be looked at": lambda tables, told: tables["deadlines"].append(
        {"kind": "register", "subject": "1", "due_at": at(30)}
    ),
}


@pytest.mark.parametrize("said", SPOILT)
def test_what_is_lost_doubled_or_early_is_said(said: str) -> None:
    """Each promise, broken once, in a sentence of its own."""
    tables, told = deepcopy(a_day())
    SPOILT[said](tables, told)

    assert [broken for broken in check(tables, told, ENDED) if said in broken]
