"""roc web: the add-in's files over https, for this computer alone."""

from __future__ import annotations

import mimetypes
import ssl
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from addin.errors import BookError
from addin.hosts.web.certificate import ADDRESS, HOST


def address(port: int) -> str:
    """Where the add-in then is."""
    return f"https://{HOST}:{port}/"


def server(files: Mapping[str, bytes], port: int, certificate: Path) -> ThreadingHTTPServer:
    """A server of these files, which serves once it is asked to."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path.removeprefix("/") or "taskpane.html"
            data = files.get(path)
            self.send_response(200 if data is not None else 404)
            self.send_header("Content-Type", mimetypes.guess_type(path)[0] or "application/octet-stream")
            self.send_header("Content-Length", str(len(data or b"")))
            self.send_header("Cache-Control", "no-cache")
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_: object) -> None:
            """Nothing: the terminal shows how to go on."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    try:
        serving = ThreadingHTTPServer((ADDRESS, port), Handler)
    except OSError as error:
        raise BookError(f"port {port} cannot be used ({error.strerror}); name another with --port") from error
    serving.socket = context.wrap_socket(serving.socket, server_side=True, do_handshake_on_connect=False)
    return serving
