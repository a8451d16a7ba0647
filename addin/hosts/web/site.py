"""The add-in as static files: any web server can hand them out."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from addin import __version__
from addin.buttons import WEB, buttons_of
from addin.errors import BookError
from addin.hosts.web.core import core, for_buttons
from addin.hosts.web.functions import catalogue_script, functions_json
from addin.hosts.web.manifest import APP, ICON_SIZES, manifest
from addin.icons import icon

PAGE = Path(__file__).parent / "page"
PAGE_FILES = ("actions.js", "book.js", "functions.js", "pane.css", "pane.js", "worker.js")
PYODIDE = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"
OFFICE = "https://appsforoffice.microsoft.com/lib/1/hosted/office.js"


def site(url: str, pyodide: str = PYODIDE) -> dict[str, bytes]:
    """Every file of the add-in by its path, for a URL and Pyodide's own, which may be relative to it."""
    url, pyodide = url.rstrip("/") + "/", pyodide.rstrip("/") + "/"
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or re.search(r"\s", url):
        raise BookError(
            f"{url} is no address that Excel takes; it must begin with https:// and a server's name, "
            "and have no blank, ? or # in it"
        )
    files = {name: (PAGE / name).read_bytes() for name in PAGE_FILES}
    files |= {
        "catalogue.js": catalogue_script().encode(),
        "buttons.zip": for_buttons(),
        "core.zip": core(),
        "functions.json": functions_json().encode(),
        "manifest.xml": manifest(url).encode(),
    }
    pictures = {button.icon or button.name for button in buttons_of(WEB)} | {APP}
    files |= {f"icons/{name}_{size}.png": icon(name, size) for name in sorted(pictures) for size in ICON_SIZES}
    pane = (PAGE / "taskpane.html").read_text(encoding="utf-8")
    filled = {
        "@POLICY@": content_security_policy(url, pyodide),
        "@OFFICE@": OFFICE,
        "@PYODIDE@": urljoin(url, pyodide),
        "@VERSION@": __version__,
        "@DIGEST@": hashlib.sha256(b"".join(files.values())).hexdigest()[:12],
    }
    for mark, text in filled.items():
        pane = pane.replace(mark, text)
    return files | {"taskpane.html": pane.encode()}


def content_security_policy(url: str, pyodide: str) -> str:
    """What the page and the worker may load and fetch, all else being forbidden."""
    ours = f"{_origin(url)} {_origin(urljoin(url, pyodide))}"
    office = _origin(OFFICE)
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {ours} {office} 'wasm-unsafe-eval'",
            "worker-src blob:",
            f"connect-src {ours} {office}",
            f"style-src {_origin(url)}",
            f"img-src {_origin(url)}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
