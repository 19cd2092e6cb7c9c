"""
Patience: what has not arrived in time goes another way.

Before it does, a network that can be asked is asked: a receipt may have been lost, and to tell
somebody twice teaches them to look away. A text that only waits for its network is passed on as
well: whoever has another channel need not wait until that network is mended.
"""

import structlog

from apbot.channels.protocol import Channel, Confirms, SendError
from apbot.domain.messages import Receipt, ReceiptState
from apbot.store.outbox import OutboxRow, OutboxState

log = structlog.get_logger()


async def lost_receipt(channel: Channel | None, row: OutboxRow) -> Receipt | None:
    """Return the network's last word on a text that is late; None where it has none."""
    if row.state is not OutboxState.SENT or row.network_id is None:
        return None
    if not isinstance(channel, Confirms):
        return None
    try:
        receipt = await channel.how_far(row.network_id)
    except SendError as error:
        log.info("a text's fate could not be asked for", outbox=row.id, because=str(error))
        return None
    except Exception:
        log.exception("a channel failed in its own way", channel=row.address.channel)
        return None
    is_news = receipt is not None and receipt.state is not ReceiptState.SENT
    return receipt if is_news else None
