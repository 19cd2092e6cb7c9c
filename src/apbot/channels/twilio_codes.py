"""
What Twilio's error codes mean: what to do next, and why in words for the office.

The same codes come back from a request and, later, in a receipt. Source: Twilio's error and
warning dictionary (twilio.com/docs/api/errors).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from apbot.channels.protocol import AddressGone, FateUnknown, Refused, SendError, TryLater


@dataclass(frozen=True, slots=True)
class Meaning:
    """What to do after a failure, and why."""

    kind: type[SendError]
    because: str

    @property
    def address_gone(self) -> bool:
        """Whether no further text to this address is of any use."""
        return self.kind is AddressGone


# An account that is not accepted refuses: waiting would only keep the next channel from being
# used, and the office from hearing of it.
MEANINGS: Mapping[int, Meaning] = {
    20003: Meaning(Refused, "Twilio does not accept our account and token: set them anew"),
    20005: Meaning(Refused, "our Twilio account is not active"),
    20429: Meaning(TryLater, "Twilio asks us to slow down"),
    21211: Meaning(AddressGone, "this is not a phone number"),
    21212: Meaning(Refused, "our sender is not a number that Twilio can send from"),
    21408: Meaning(Refused, "our Twilio account may not text this country"),
    21602: Meaning(Refused, "the text is empty"),
    21603: Meaning(Refused, "our Twilio account has no sender set"),
    21604: Meaning(AddressGone, "there is no phone number"),
    21606: Meaning(Refused, "our sender is not one of our Twilio account's numbers"),
    21608: Meaning(Refused, "our Twilio account is a trial and may not text this number"),
    21609: Meaning(Refused, "Twilio cannot use our public address for its receipts"),
    21610: Meaning(AddressGone, "this person has sent STOP, so the network lets no text through"),
    21611: Meaning(TryLater, "too many texts are waiting at Twilio"),
    21612: Meaning(Refused, "Twilio cannot reach this number from our sender"),
    21614: Meaning(AddressGone, "this is not a mobile number"),
    21617: Meaning(Refused, "the text is over 1600 characters long"),
    21701: Meaning(Refused, "our Twilio messaging service does not exist"),
    21703: Meaning(Refused, "our Twilio messaging service has no sender"),
    21910: Meaning(Refused, "our sender and this address are on different channels"),
    30001: Meaning(TryLater, "too many texts are waiting at Twilio"),
    30002: Meaning(Refused, "our Twilio account is suspended"),
    30003: Meaning(Refused, "the phone could not be reached: off, out of signal or out of service"),
    30004: Meaning(Refused, "the phone or its network blocks our texts"),
    30005: Meaning(AddressGone, "the network knows no such number"),
    30006: Meaning(AddressGone, "a landline, or a network that takes no texts"),
    30007: Meaning(Refused, "the network filtered the text out as unwanted"),
    30008: Meaning(Refused, "the network could not deliver it, and does not say why"),
    30009: Meaning(Refused, "a part of the text was lost on its way"),
    30010: Meaning(Refused, "the text costs more than our Twilio account allows"),
    30036: Meaning(Refused, "the text was out of date before it could be sent"),
    30410: Meaning(Refused, "the phone's network did not answer in time"),
    30450: Meaning(Refused, "Twilio blocked the text: it took it for fraud"),
    63003: Meaning(AddressGone, "this number is not on WhatsApp"),
    63007: Meaning(Refused, "our WhatsApp sender is not set up at Twilio"),
    63013: Meaning(Refused, "WhatsApp says that the text breaks its policy"),
    63015: Meaning(Refused, "this person has not joined our WhatsApp trial"),
    63016: Meaning(
        Refused, "WhatsApp allows this only within 24 hours of the person's last message"
    ),
    63018: Meaning(TryLater, "WhatsApp asks us to slow down"),
    63024: Meaning(AddressGone, "this number cannot be reached on WhatsApp"),
    63032: Meaning(Refused, "WhatsApp does not let us write to this person"),
    63049: Meaning(Refused, "WhatsApp chose not to deliver it"),
}


def meaning(code: int | None, status: int) -> Meaning:
    """
    Return what a refused request means, by Twilio's code, else by its HTTP status.

    Where Twilio broke down while it had the request, the text may have gone all the same.
    """
    known = MEANINGS.get(code or 0)
    if known is not None:
        return Meaning(known.kind, f"{known.because} (Twilio {code})")
    if status == 429:
        return Meaning(TryLater, "Twilio asks us to slow down")
    if status == 503:
        return Meaning(TryLater, "Twilio is out of order")
    if status >= 500:
        return Meaning(FateUnknown, "Twilio broke down over the text; it may have gone")
    if status in (401, 403):
        return Meaning(Refused, f"Twilio does not let us do this ({code or status})")
    return Meaning(Refused, f"Twilio refused the text (error {code or status})")


def undelivered(code: int | None) -> Meaning:
    """Return what a receipt's error code means."""
    known = MEANINGS.get(code or 0)
    if known is not None:
        return Meaning(known.kind, f"{known.because} (Twilio {code})")
    if code:
        return Meaning(Refused, f"not delivered (Twilio error {code})")
    return Meaning(Refused, "not delivered, and the network does not say why")
