"""
How Twilio brings a text to a phone, and tells how it fared.

Texts to one phone go in order. A phone that is off gets them when it is on again, unless a text is
no longer valid by then. Receipts of one text go in order too, unless they are made to misbehave.
"""

from apbot.clock import Clock
from apbot.sandbox.couriers import Couriers
from apbot.sandbox.faults import Faults
from apbot.sandbox.timers import Timers
from apbot.sandbox.twilio_account import TwilioAccount
from apbot.sandbox.twilio_hooks import call_hook
from apbot.sandbox.twilio_messages import API_VERSION, FAILURES, Message

BLOCKED = 30004
OUT_OF_REACH = 30003
OUTSIDE_WINDOW = 63016


class Delivery:
    """The way from the account to the phones, and from the phones to the hooks."""

    def __init__(
        self, clock: Clock, account: TwilioAccount, couriers: Couriers, faults: Faults
    ) -> None:
        self.receipts_twice = False
        self.receipts_backwards = False
        self.loses_receipts = False
        self._clock = clock
        self._account = account
        self._couriers = couriers
        self._faults = faults
        self._timers = Timers(clock)

    def send(self, message: Message) -> None:
        """Have this message brought to its phone."""
        self._couriers.send(f"to {message.to}", lambda: self._carry(message))

    def switched_on(self, number: str) -> None:
        """Bring what waited for this phone."""
        subscriber = self._account.subscriber(number)
        waiting, subscriber.undelivered = subscriber.undelivered, []
        for message in waiting:
            self._report(message, "delivered")

    def call(self, line: str, url: str, form: dict[str, str]) -> None:
        """Have a hook called, after everything else on its line."""

        async def errand() -> None:
            await self._faults.until_up()
            await call_hook(self._couriers, url, form, self._account.auth_token)

        self._couriers.send(line, errand)

    def catch_up(self) -> None:
        """Give up what is no longer valid by now."""
        self._timers.catch_up()

    async def stop(self) -> None:
        """Let nothing more fall due."""
        await self._timers.stop()

    async def _carry(self, message: Message) -> None:
        await self._faults.until_up()
        account, now = self._account, self._clock.now()
        if message.sender is None:
            is_whatsapp = message.is_whatsapp
            message.sender = (
                f"whatsapp:{account.whatsapp_sender}" if is_whatsapp else account.sender
            )
        message.sent_at = now
        handset = account.handset_of(message)
        is_free = message.is_whatsapp and not message.is_template
        failure = account.subscriber(message.number).fails_with
        if is_free and not account.may_write_freely(message.number, now):
            self._report(message, "queued", "sending", "undelivered", error=OUTSIDE_WINDOW)
        elif failure is not None or handset.is_blocked:
            error = failure or BLOCKED
            self._report(message, "queued", "sending", "sent", "undelivered", error=error)
        elif handset.is_off:
            self._report(message, "queued", "sending", "sent")
            account.subscriber(message.number).undelivered.append(message)
            expires_at = message.created_at + message.validity
            self._timers.at(expires_at, lambda: self._expire(message))
        else:
            self._report(message, "queued", "sending", "sent", "delivered")

    def _expire(self, message: Message) -> None:
        waiting = self._account.subscriber(message.number).undelivered
        if message in waiting:
            waiting.remove(message)
            self._report(message, "undelivered", error=OUT_OF_REACH)

    def _report(self, message: Message, *statuses: str, error: int | None = None) -> None:
        """Take a message through these statuses, show it, and have each receipt brought."""
        now = self._clock.now()
        message.status, message.updated_at, message.error = statuses[-1], now, error
        self._account.show(message, now)
        if message.callback is None or self.loses_receipts:
            return
        for status in reversed(statuses) if self.receipts_backwards else statuses:
            receipt = self._receipt(message, status)
            for _ in range(2 if self.receipts_twice else 1):
                self.call(f"receipts of {message.sid}", message.callback, receipt)

    def _receipt(self, message: Message, status: str) -> dict[str, str]:
        form = {
            "AccountSid": self._account.sid,
            "ApiVersion": API_VERSION,
            "From": message.sender or "",
            "MessageSid": message.sid,
            "MessageStatus": status,
            "SmsSid": message.sid,
            "SmsStatus": status,
            "To": message.to,
        }
        error = message.error if status == "undelivered" else None
        if message.service_sid:
            form["MessagingServiceSid"] = message.service_sid
        if error is not None:
            form["ErrorCode"] = str(error)
        if message.is_whatsapp:
            form |= {"ChannelPrefix": "whatsapp", "ChannelToAddress": message.to}
            if error is not None:
                form["ChannelStatusMessage"] = FAILURES[error]
        elif status in ("delivered", "undelivered"):
            form["RawDlrDoneDate"] = self._clock.now().strftime("%y%m%d%H%M")
        return form
