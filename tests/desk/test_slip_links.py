from apbot.desk.slip_links import without_seals


def test_who_reads_along_gets_no_link_that_opens() -> None:
    """A link opens the slip as the person it was sent to: the board shows that one was sent."""
    text = "Reply ALL IN, or say who is missing.\nOr tap: https://css.example/r/7.25sjym6pvu06"

    assert without_seals(text).endswith("Or tap: https://css.example/r/…")
    assert without_seals("Aiden is in. 1/r/2?") == "Aiden is in. 1/r/2?"
