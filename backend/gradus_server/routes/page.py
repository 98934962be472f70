"""The built page: its files, and its one document for every address of the application."""

import re
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.staticfiles import NotModifiedResponse

from gradus_server.problems import Refused

router = APIRouter(include_in_schema=False)

FOLDER = Path(__file__).parent.parent / "page"
# The build puts a hash of the content into these names, so they never change.
HASHED = re.compile(r"^assets/[\w.-]+$")
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
ADDRESS = re.compile(r"^[\w/-]*$", re.ASCII)
FILE = re.compile(r"^[\w-]+(/[\w-]+)*\.[\w.-]+$", re.ASCII)

NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Gradus</title>
<h1>The service runs; its page is not built.</h1>
<p>In a checkout: <code>make install</code>. The API answers under <code>/api/v1</code>.</p>
</html>"""


@router.get("/{path:path}")
def get_page(path: str, request: Request) -> Response:
    """A file of the build, or the document, which reads the rest from the address."""
    folder: Path = getattr(request.app.state, "page", FOLDER)
    if path.startswith("api/") or not (ADDRESS.fullmatch(path) or FILE.fullmatch(path)):
        raise Refused(404, "http.not_found")
    if FILE.fullmatch(path):
        return _file(folder, path, request)
    if not (folder / "index.html").is_file():
        return HTMLResponse(NOT_BUILT, status_code=503)
    return _file(folder, "index.html", request)


def _file(folder: Path, path: str, request: Request) -> Response:
    """The patterns let through no `..` and no hidden name, and links are followed nowhere."""
    found = folder / path
    if not found.is_file() or not found.resolve().is_relative_to(folder.resolve()):
        raise Refused(404, "http.not_found")
    lasting = FOR_EVER if HASHED.fullmatch(path) else ASK_AGAIN
    headers = {"cache-control": lasting}
    whole = FileResponse(found, headers=headers, stat_result=found.stat())
    if request.headers.get("if-none-match") == whole.headers["etag"]:
        return NotModifiedResponse(whole.headers)
    return whole
