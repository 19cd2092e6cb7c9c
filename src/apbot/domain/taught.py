"""
Taught: words that an office has taught its own bot, beside those that it came with.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaughtWord:
    """
    A word or phrase, and what it means to this office.

    `section` and `value` are those of the files of words: "marks" and "absent", "chat" and nothing.
    """

    phrase: str
    section: str
    value: str = ""

    @property
    def meaning(self) -> str:
        """What it means, in one word: "marks.absent", "chat"."""
        return f"{self.section}.{self.value}" if self.value else self.section
