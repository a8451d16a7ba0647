"""roc web, and the add-in of static files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin.cli import output
from addin.files import write_setting, write_whole

PyodideAt = Annotated[
    str, typer.Option("--pyodide", metavar="URL", help="Where Pyodide's files are, if not at its makers'.")
]


def web(
    port: Annotated[int, typer.Option(help="The port.")] = 3000,
    pyodide: PyodideAt = "",
) -> None:
    """Serve the add-in for Excel on the Mac and on the web, to this computer alone, until Ctrl-C."""
    from addin.files import settings_folder
    from addin.hosts.web.certificate import certificate
    from addin.hosts.web.server import address, server

    files = _site(address(port), pyodide)
    secret = certificate()
    manifest = settings_folder() / "web" / "manifest.xml"
    write_setting(manifest, files["manifest.xml"])
    with server(files, port, secret) as serving:
        output.say(
            f"The add-in is at {address(port)} until Ctrl-C; open that address once and trust its certificate, {secret}"
        )
        for line in (
            f"Web: Home, Add-ins, More add-ins, My add-ins, Upload my add-in: {manifest}",
            f"Mac: cp '{manifest}' ~/Library/Containers/com.microsoft.Excel/Data/Documents/wef/ and start Excel again",
            f"Windows: put {manifest} into a shared folder, and that folder into Trust Center, Trusted add-in catalogs",
        ):
            output.say(line)
        serving.serve_forever()


def write_site(folder: Path, url: str, pyodide: str) -> None:
    """Write the add-in's files for a web server."""
    files = _site(url, pyodide)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, data)
    output.say(
        f"Written: {len(files)} files in {folder}; put them at {url}, and give {folder / 'manifest.xml'} to Excel"
    )


def write_lite(file: Path) -> None:
    """Write the functions for xlwings Lite."""
    from addin.hosts.web.lite import main_py

    write_whole(file, main_py().encode())
    output.say(f"Written: {file}; paste its text into main.py of xlwings Lite, and save the workbook")


def _site(url: str, pyodide: str) -> dict[str, bytes]:
    from addin.hosts.web.site import PYODIDE, site

    return site(url, pyodide or PYODIDE)
