"""
The board: the whole of today in one look.
"""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from apbot.web.lobby import Signed
from apbot.web.pages import page

router = APIRouter(include_in_schema=False)


@router.get("/")
def today(request: Request, viewer: Signed) -> Response:
    """Show today."""
    return page(request, "board.html", viewer)
