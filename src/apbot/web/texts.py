"""
Texts as a page shows them: what several people were told at once, in the same words, stands once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from apbot.store.outbox import OutboxRow

WAYS = {
    "telegram": "by Telegram",
    "sms": "by SMS",
    "whatsapp": "by WhatsApp",
    "voice": "by a telephone call",
    "slip": "on the page of the link",
    "board": "on the board",
}


def way(channel: str) -> str:
    """Return how something was said, as people say it: "by SMS"."""
    return WAYS.get(channel, f"by {channel}")


def once_each(rows: Iterable[OutboxRow]) -> list[Sequence[OutboxRow]]:
    """Return the texts, in their order, those of the same words and minute together."""
    found: dict[tuple[str, datetime], list[OutboxRow]] = {}
    for row in rows:
        minute = (row.made_at or row.due_at).replace(second=0, microsecond=0)
        found.setdefault((row.text, minute), []).append(row)
    return list(found.values())
