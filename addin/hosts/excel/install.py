"""Puts the add-in into Excel, and takes it out again."""

from __future__ import annotations

from addin.errors import BookError, missing_part
from addin.files import write_whole
from addin.hosts.excel.vba_names import ADD_IN, TITLE, XLWINGS_VERSION
from addin.hosts.excel.windows_paths import Places, here

GET_XLWINGS = "pip install 'return-on-customer[excel]'"


def install(places: Places | None = None) -> list[str]:
    """Tell Excel which Python answers, and let it load the add-in at every start."""
    places = places or here()
    check(places)
    try:
        add_in = places.shipped_add_in.read_bytes()
    except FileNotFoundError as error:
        raise missing_part(ADD_IN) from error
    try:
        config = config_text(places).encode(places.encoding)
    except UnicodeEncodeError as error:
        raise BookError(
            f"Excel cannot read the path {places.interpreter}, which has letters foreign to this Windows; "
            "install Python in a folder such as C:\\Python"
        ) from error
    for path, content in ((places.config, config), (places.add_in, add_in)):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BookError(f"the folder {path.parent} cannot be made: {error.strerror}") from error
        write_whole(path, content)
    return [
        f"{places.config}: written, Excel asks {places.interpreter}.",
        f"{places.add_in}: written, Excel loads it at every start.",
        f"Start Excel again; the ribbon has a tab {TITLE}.",
    ]


def uninstall(places: Places | None = None) -> list[str]:
    """Remove what install wrote, and nothing else."""
    places = places or here()
    done = []
    for path in (places.add_in, places.config):
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise BookError(f"{path} cannot be removed ({error.strerror}); close Excel and try again") from error
        done.append(f"{path}: removed.")
    folder = places.config.parent
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    return done or ["Nothing to remove: the add-in is not in Excel."]


def config_text(places: Places) -> str:
    """What xlwings' module reads; it takes no blank line and no blank key.

    Without a PYTHONPATH, xlwings would put the folder that Excel happens to be in at the head of Python's path.
    """
    settings = {
        "INTERPRETER_WIN": places.interpreter,
        "ADD_WORKBOOK_TO_PYTHONPATH": False,
        "PYTHONPATH": places.interpreter.parent,
    }
    return "".join(f'"{name}","{value}"\r\n' for name, value in settings.items())


def check(places: Places) -> None:
    """Refuse, in one sentence, a machine on which a formula in Excel could not reach Python."""
    if places.system != "Windows":
        raise BookError(
            f"the Excel add-in needs Excel on Windows, and this is {places.system}; "
            "use roc install calc for LibreOffice, or roc calc, which needs no spreadsheet program"
        )
    if places.excel is None:
        raise BookError(
            "Excel is not installed on this machine; "
            "use roc install calc for LibreOffice, or roc calc, which needs no spreadsheet program"
        )
    if not places.xlwings:
        raise BookError(f"xlwings is not installed, through which Excel reaches Python; {GET_XLWINGS}")
    if places.xlwings != XLWINGS_VERSION:
        raise BookError(f"xlwings {XLWINGS_VERSION} is needed, {places.xlwings} was found; {GET_XLWINGS}")
    if not any((folder / places.library).is_file() for folder in places.library_folders):
        raise BookError(
            f"{places.library} is neither in {places.library_folders[0]} nor in {places.library_folders[1]}; "
            f"{GET_XLWINGS} in a virtual environment, not with --user, and run roc install excel from there"
        )
