from datetime import timedelta
from pathlib import Path

from apbot.domain.policy import ParentsTold, Policy
from apbot.loading.config import load_config

CONFIG = Path(__file__).parents[2] / "config"


def policies_with(town: Path, right: str, wrong: str) -> dict[str, Policy]:
    """Load the town's policies with one thing changed."""
    path = town / "policies.yaml"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return dict(load_config(town).policies)


def test_parents_may_be_told_after_minutes(town: Path) -> None:
    """`after` sends without a release."""
    policies = policies_with(town, "parents: hold", "parents: {after: 20}")

    told = policies["tells-parents"]
    assert (told.parents, told.parents_after) == (ParentsTold.AFTER, timedelta(minutes=20))


def test_a_change_of_default_reaches_the_policies_like_it(town: Path) -> None:
    """What a policy does not say for itself follows the other."""
    policies = policies_with(town, "  missing_after: 30", "  missing_after: 25")

    assert {it.missing_after for it in policies.values()} == {timedelta(minutes=25)}


def test_a_policy_may_be_like_one_that_is_like_another(town: Path) -> None:
    """`like` goes on from policy to policy."""
    policies = policies_with(
        town, "one-to-one:\n  like: default", "one-to-one:\n  like: tells-parents"
    )

    assert policies["one-to-one"].parents is ParentsTold.HOLD
    assert policies["one-to-one"].chase_after == policies["default"].chase_after


def test_a_step_may_be_taken_away(town: Path) -> None:
    """A list that a policy gives stands in place of the other's whole list."""
    changed = "      asked_after: 10\n      steps: []"
    policies = policies_with(town, "      asked_after: 10", changed)

    ladders = {str(matter): it for matter, it in policies["one-to-one"].ladders.items()}
    assert ladders["unaccounted"].steps == ()
    assert ladders["unaccounted"].first
