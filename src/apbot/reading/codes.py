"""
Codes: register letters, ticks and crosses, as the reply contract's "register codes" has them.
"""

from collections.abc import Mapping

from apbot.reading.tokens import CROSS, DOWN, TICK, UP

PRESENT_CODES = frozenset(("p", "y", "/", "\\", "1", TICK, UP))
ABSENT_CODES = frozenset(("a", "n", "o", "x", "0", "#", CROSS, DOWN))
REASON_CODES: Mapping[str, str] = {
    "i": "illness",
    "m": "medical_appointment",
    "h": "holiday",
    "g": "holiday",
    "e": "suspended",
    "r": "religious",
}
LATE_CODE = "l"
CODES = PRESENT_CODES | ABSENT_CODES | set(REASON_CODES) | {LATE_CODE}
LETTERS = frozenset(code for code in CODES if code.isalpha())
SYMBOLS = frozenset((TICK, CROSS, UP, DOWN))
