"""
Group texts: what a provider's staff hear together, in their Telegram group, once.

Only what is about a register goes there, and only what stands on the list below: a concern passed
on, a welcome, an answer of the CSS or anything of a case stays between the bot and one person,
because a group may have members whom the office does not know.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from apbot.desk.desk import About
from apbot.domain.decisions import Say
from apbot.domain.messages import Address
from apbot.domain.people import Person
from apbot.store.addresses import group_key, list_live
from apbot.store.outbox import Draft

CHANNEL = "telegram"

HEARD_TOGETHER = frozenset(
    {
        *("register_prompt", "register_prompt_later", "register_message", "register_chase"),
        "register_chase_one",
        "register_chase_known",
        *("read_back", "read_back_change", "read_back_part", "read_back_standing"),
        *("read_back_colleague", "provider_css_told", "provider_closed_noted", "provider_help"),
        *("provider_closed_colleague", "provider_open_colleague"),
        *("ask_rest_present", "ask_which_pupil", "ask_count_or_number"),
        *("ask_rephrase", "ask_rephrase_complete", "ask_rephrase_part"),
        "ask_rephrase_told",
        *("ask_rephrase_complete_part", "ask_early", "ask_early_part"),
        *("provider_unaccounted", "provider_still_unaccounted", "provider_not_back"),
    }
)
"""The scripts that a group hears. A new one is private until it is put here."""

ANSWERS = frozenset({"read_back", "read_back_change", "read_back_part", "read_back_standing"})

Groups = Mapping[str, Address]
"""The group that may be written to, by provider."""


def groups_of(db: Connection, says: Sequence[Say], channels: Collection[str]) -> Groups:
    """Return the groups of the providers whose registers these texts are about."""
    providers = {say.register.provider for say in says if _is_for_all(say) and say.register}
    if CHANNEL not in channels or not providers:
        return {}
    live = list_live(db, [group_key(provider) for provider in providers])
    return {
        provider: live[group_key(provider)][0]
        for provider in providers
        if group_key(provider) in live
    }


def group_for(say: Say, about: About, groups: Groups) -> Address | None:
    """Return the group that hears this text, or None: who wrote privately is answered there."""
    if not _is_for_all(say) or say.register is None or _answers_privately(say, about):
        return None
    return groups.get(say.register.provider)


def in_group(person: Person, group: Address) -> Person:
    """Return the person as reached there: the group stands for their own chat, or for all."""
    if not person.addresses:
        return replace(person, addresses=(group,))
    together = (group if one.channel == CHANNEL else one for one in person.addresses)
    return replace(person, addresses=tuple(together))


def once_each(drafts: Sequence[Draft], groups: Groups) -> list[Draft]:
    """Return the texts with those to a group said once, to it and to no person of it."""
    keys = {address: group_key(provider) for provider, address in groups.items()}
    answered = {draft.address for draft in drafts if draft.script in ANSWERS}
    said: set[tuple[Address, str]] = set()
    kept = []
    for draft in drafts:
        key = keys.get(draft.address)
        if key is None or draft.callback_id is not None:
            kept.append(draft)
            continue
        is_heard = draft.script == "read_back_colleague" and draft.address in answered
        if is_heard or (draft.address, draft.text) in said:
            continue
        said.add((draft.address, draft.text))
        kept.append(replace(draft, person=key, once=_once(draft, key)))
    return kept


def _once(draft: Draft, key: str) -> str | None:
    """The cause of a text to a group: the same whichever of its people it was for."""
    if draft.once is None:
        return None
    page = draft.once.rpartition(":")[2]
    return f"{draft.script}:{draft.register}:{key}:{page}"


def _is_for_all(say: Say) -> bool:
    return say.script in HEARD_TOGETHER and not say.is_toast


def _answers_privately(say: Say, about: About) -> bool:
    inbound = about.inbound
    return (
        inbound is not None
        and say.to == about.speaker
        and not say.edits
        and inbound.address.channel == CHANNEL
        and not inbound.is_in_group
    )
