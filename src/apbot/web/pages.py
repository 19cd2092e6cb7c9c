"""
Pages: templates become answers that no browser keeps and no other site can frame.

Times are told as people say them, days as "Mon 23 Nov".
"""

import hashlib
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from apbot.desk.slip_links import without_seals
from apbot.domain.calendar import local
from apbot.web.texts import way
from apbot.web.words import MATTERS, standing
from apbot.wording.compose import clock_time, counted, day
from apbot.wording.plain import MARKS, shown_number

if TYPE_CHECKING:
    from apbot.web.lobby import Lobby, Viewer

STATIC = Path(__file__).parent / "static"

_env = Environment(
    loader=PackageLoader("apbot.web"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    request: Request,
    template: str,
    viewer: "Viewer | None" = None,
    *,
    status: int = 200,
    **facts: Any,
) -> HTMLResponse:
    """Return a page of the board, as it stands now, for this viewer."""
    lobby: Lobby = request.app.state.lobby
    said = lobby.said(request)
    html = _env.get_template(template).render(
        viewer=viewer,
        said=said,
        service=lobby.service,
        is_sandbox=bool(lobby.try_as),
        now=lobby.clock.now(),
        **facts,
    )
    answer = HTMLResponse(html, status, headers={"Cache-Control": "no-store"})
    if said:
        answer.delete_cookie("apbot-said", path="/")
    return answer


def is_part(request: Request) -> bool:
    """Whether htmx asks, on a page that stays open: it needs the answer without its frame."""
    return "hx-request" in request.headers


def fragment(template: str, **facts: Any) -> str:
    """Return a part of a page."""
    return _env.get_template(template).render(**facts)


def macro(template: str, name: str) -> Any:
    """Return a macro of a template, to be called with its arguments."""
    return getattr(_env.get_template(template).module, name)


def compile_templates() -> None:
    """Have every template at hand, so that nobody's page waits for it."""
    for name in _env.list_templates():
        _env.get_template(name)


class Static(StaticFiles):
    """Our own style and script. Their address changes with what is in them, so they stay."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file, to be kept."""
        answer = await super().get_response(path, scope)
        if scope.get("query_string"):
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def static(name: str) -> str:
    """Return the address of a file of ours, as it stands."""
    return f"/static/{name}?v={_VERSIONS[name]}"


def at_time(moment: datetime) -> str:
    """Return "09:36"."""
    return clock_time(local(moment))


def at_day(on: date | datetime) -> str:
    """Return "Mon 23 Nov"."""
    return day(local(on).date() if isinstance(on, datetime) else on)


def when(moment: datetime, now: date | datetime) -> str:
    """Return "09:36" for today, "Mon 23 Nov 09:36" for another day."""
    today = local(now).date() if isinstance(now, datetime) else now
    is_today = local(moment).date() == today
    return at_time(moment) if is_today else f"{at_day(moment)} {at_time(moment)}"


def begun(words: str) -> str:
    """Return the words as the beginning of a sentence: what is written large stays so."""
    return words[:1].upper() + words[1:]


def ago(moment: datetime, now: datetime) -> str:
    """Return "4 min ago", "in 12 min", "2 h ago", "3 days ago"."""
    told = span(abs(now - moment))
    if told == "now":
        return "now"
    return f"in {told}" if moment > now else f"{told} ago"


def span(long: timedelta) -> str:
    """Return "4 min", "2 h 5 min", "3 days"."""
    minutes = int(long / timedelta(minutes=1))
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {rest} min" if rest and hours < 4 else f"{hours} h"
    return counted(hours // 24, "day")


def _versions() -> dict[str, str]:
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:10] for file in STATIC.iterdir()
    }


_VERSIONS = _versions()
_env.filters |= {"at_time": at_time, "at_day": at_day, "counted": counted, "span": span}
_env.filters |= {"begun": begun, "way": way, "phone": shown_number, "without_seals": without_seals}
_env.globals |= {"static": static, "when": when, "ago": ago}
_env.globals |= {"moment": datetime.fromisoformat}
_env.globals |= {"mark_word": lambda mark: MARKS[mark] if mark else "–"}
_env.globals |= {"matters": MATTERS, "standing": standing, "once": lambda: token_urlsafe(12)}
