"""
How a reading is judged against a label: the verdicts that the labelled cases are scored by.

DANGEROUS and WRONG are kept apart from questions that need not have been asked: the first may hurt
a child, the last only costs a text.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE_MARKS = {"present", "late", "left"}
URGENT = ("concern", "emergency")
CASES = Path(__file__).parent / "cases"


def load_cases() -> list[dict[str, Any]]:
    """Return every labelled case of `cases/*.jsonl`."""
    lines = [
        line
        for path in sorted(CASES.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [json.loads(line) for line in lines if line.strip()]


def judge(case: Mapping[str, Any], answer: Mapping[str, Any]) -> tuple[str, Any]:
    """Return DANGEROUS, WRONG, INCOMPLETE or COMPLETE, and what was wrong."""
    label = case["expect"]
    held = _pairs(case.get("marks"))
    want, got = _pairs(label.get("marks")), _pairs(answer.get("marks"))
    # A mark restated unchanged may be in the answer or not.
    got = {n: m for n, m in got.items() if n in want or held.get(n) != m}
    want = {n: m for n, m in want.items() if n in got or held.get(n) != m}
    wrong = {n: m for n, m in got.items() if want.get(n) != m}
    dangerous = {
        n: m for n, m in wrong.items() if m in HERE_MARKS and want.get(n) not in HERE_MARKS
    }
    missed = [f for f in URGENT if f in _flags(label) and f not in _flags(answer)]
    told, meant = _as_cases(answer.get("case")), _as_cases(label.get("case"))
    resolved = {each for each in told - meant if each[1] == "resolve"}
    if dangerous or missed or resolved:
        return "DANGEROUS", {"marks": dangerous, "missed": missed, "resolved": resolved}
    if wrong:
        return "WRONG", wrong
    if told != meant:
        return "INCOMPLETE", {"case": answer.get("case"), "wanted": label.get("case")}
    if want.keys() - got.keys():
        return "INCOMPLETE", {n: want[n] for n in want.keys() - got.keys()}
    return "COMPLETE", None


def besides(case: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    """Return what beside the marks differs: flags, ask, reasons, times."""
    label = case["expect"]
    differs = []
    if _flags(label) != _flags(answer):
        differs.append(f"flags {sorted(_flags(answer))}, wanted {sorted(_flags(label))}")
    if _ask(label) != _ask(answer):
        differs.append(f"ask {_ask(answer)}, wanted {_ask(label)}")
    for key in ("reasons", "times"):
        if _pairs(label.get(key)) != _pairs(answer.get(key)):
            differs.append(f"{key} {answer.get(key)}, wanted {label.get(key)}")
    return differs


def _pairs(value: Mapping[str, Any] | None) -> dict[str, Any]:
    return {str(k): v for k, v in (value or {}).items()}


def _flags(value: Mapping[str, Any]) -> set[str]:
    return set(value.get("flags") or ())


def _ask(value: Mapping[str, Any]) -> str | None:
    return (value.get("ask") or {}).get("ask")


def _as_cases(value: Any) -> set[tuple[str | None, str | None]]:
    if not value:
        return set()
    rows = value if isinstance(value, list) else [value]
    return {(row.get("ref"), row.get("action")) for row in rows}
