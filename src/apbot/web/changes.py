"""
Changes: what is new on a board to a browser that has it open, as pieces that htmx puts in place.

Rows that are as they were are not touched, so that nobody's focus, selection or place in the page
is lost: a row that changed goes, and stands again after the row that it follows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from apbot.web.lobby import Viewer
from apbot.web.pages import macro
from apbot.web.today import ACTS, Row, Today, order_for

Order = Mapping[str, Sequence[str]]
"""The ids of the rows, by group."""


@dataclass
class Told:
    """What one viewer's browser has on its screen; nothing before it was told anything."""

    viewer: Viewer
    board: Today | None = None
    order: Order = field(default_factory=dict)

    def has(self, board: Today) -> None:
        """The browser has this board."""
        self.board, self.order = board, order_for(board, self.viewer.person.key)

    def news(self, board: Today) -> str:
        """Return what is new of a board, "" where nothing is; from now on the browser has it."""
        was, was_order = self.board, self.order
        if was is board:
            return ""
        self.has(board)
        if was is None:
            groups = "".join(self._whole(group) for group in self.order)
            return f"{groups}{_into('[data-summary]', board.summary)}"
        fresh = {id for id, row in board.rows.items() if _is_new(row, was.rows.get(id))}
        pieces = [_gone(id for id in was.rows if id not in board.rows or id in fresh)]
        for group, ids in self.order.items():
            had = was_order[group]
            if had == ids and fresh.isdisjoint(ids):
                continue
            if [id for id in had if id in board.rows and id not in fresh] == [
                id for id in ids if id not in fresh
            ]:
                pieces += self._placed(group, fresh)
                if len(had) != len(ids):
                    pieces.append(_count(group, ids))
            else:
                pieces.append(self._whole(group))
        if was.summary != board.summary:
            pieces.append(_into("[data-summary]", board.summary))
        return "".join(pieces)

    def _whole(self, group: str) -> str:
        ids = self.order[group]
        rows = "".join(self._row(id) for id in ids)
        return f"{_into(f'[data-group={group}]', rows)}{_count(group, ids)}"

    def _placed(self, group: str, fresh: set[str]) -> Iterator[str]:
        """Yield the new rows of a group, those that stand together as one piece."""
        place, rows = f"afterbegin:[data-group={group}]", ""
        for id in self.order[group]:
            if id in fresh:
                rows += self._row(id).replace('class="', 'class="changed ', 1)
                continue
            if rows:
                yield _piece(place, rows)
            place, rows = f"afterend:#{id}", ""
        if rows:
            yield _piece(place, rows)

    def _row(self, id: str) -> str:
        assert self.board is not None
        return seen_by(self.viewer, self.board.rows[id])


def seen_by(viewer: Viewer, row: Row) -> str:
    """Return a row as this viewer sees it, with what they may do."""
    html = row.html
    if row.case is None:
        return html
    me = viewer.person.key
    if row.limited and not viewer.sees_concerns and me not in row.case.told:
        # Nor can they take it: what it says is not theirs to read.
        return row.limited.replace(ACTS, "")
    acts = str(macro("rows.html", "case_acts")(row.case, viewer)) if viewer.may_act else ""
    return html.replace(ACTS, acts)


def _is_new(row: Row, was: Row | None) -> bool:
    if was is row:
        return False
    return was is None or was.html != row.html or was.group != row.group


def _gone(ids: Iterator[str]) -> str:
    which = ",".join(f"#{id}" for id in ids)
    return _piece(f"delete:{which}", "") if which else ""


def _count(group: str, ids: Sequence[str]) -> str:
    return _into(f"[data-count={group}]", str(len(ids)))


def _into(place: str, html: str) -> str:
    return _piece(f"innerHTML:{place}", html)


def _piece(swap: str, html: str) -> str:
    # A div may hold anything while it is on its way; htmx puts in place what is in it.
    return f'<div hx-swap-oob="{swap}">{html}</div>'
