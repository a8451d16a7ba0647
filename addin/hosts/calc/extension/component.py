"""The extension inside LibreOffice: functions for cells, buttons, and a job for Excel files.

It uses only the standard library and UNO; what it knows of the functions is in functions.json.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import uno
import unohelper
from com.sun.star.frame import (
    DispatchResultEvent,
    XDispatchProvider,
    XNotifyingDispatch,
)
from com.sun.star.lang import Locale, XInitialization, XServiceInfo, XServiceName
from com.sun.star.sheet import LocalizedName, ResultEvent, XAddIn, XCompatibilityNames, XVolatileResult
from com.sun.star.task import XJob
from roc_calc import buttons, dialogs, excel_files, function_names, growing
from roc_calc.database_ranges import DatabaseRanges
from roc_calc.server_process import Link

try:
    from org.returnoncustomer import XMetrics
except ImportError:  # LibreOffice registers this file before it knows the types that come with it

    class XMetrics:  # type: ignore[no-redef]
        """Stands in for the functions' interface until LibreOffice is started again."""


HERE = Path(__file__).parent
ADD_IN_SERVICE = "org.returnoncustomer.Metrics"
PROTOCOL = "org.returnoncustomer:"
FUNCTIONS: dict[str, Any] = json.loads((HERE / "functions.json").read_text(encoding="utf-8"))
COLUMNS: dict[str, Any] = json.loads((HERE / "columns.json").read_text(encoding="utf-8"))
BUTTONS: dict[str, str] = json.loads((HERE / "buttons.json").read_text(encoding="utf-8"))
"""Button to its title."""
HELP = (HERE / "help.txt").read_text(encoding="utf-8")
BY_METHOD = {function_names.identifier(name): name for name in FUNCTIONS}
LINK = Link(**json.loads((HERE / "interpreter.json").read_text(encoding="utf-8")))
CALLS = function_names.Calls(FUNCTIONS)
ORIGINALS = excel_files.Originals()
ONE_TEXT = "in LibreOffice it takes one cell for each argument; fill the formula down instead of giving it ranges"
"""LibreOffice compares text that stands in a result of several cells wrongly, so such a function gives one text."""


class UnoService(unohelper.Base, XServiceInfo):
    """What every part says about itself."""

    implementation: str
    services: tuple[str, ...]

    def __init__(self, context: Any, *_: Any) -> None:
        self.context = context

    def getImplementationName(self) -> str:  # noqa: D102, N802  # UNO names and documents its methods
        return self.implementation

    def supportsService(self, name: str) -> bool:  # noqa: D102, N802
        return name in self.services

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: D102, N802
        return self.services


class MetricsBase(UnoService, XMetrics, XAddIn, XServiceName, XCompatibilityNames):
    """The add-in; a method for each function is added below."""

    implementation = ADD_IN_SERVICE
    services = (ADD_IN_SERVICE, "com.sun.star.sheet.AddIn")
    locale = Locale("en", "US", "")

    def getServiceName(self) -> str:  # noqa: D102, N802
        return ADD_IN_SERVICE

    def setLocale(self, locale: Any) -> None:  # noqa: D102, N802
        self.locale = locale

    def getLocale(self) -> Any:  # noqa: D102, N802
        return self.locale

    def getProgrammaticFuntionName(self, shown: str) -> str:  # noqa: D102, N802  # UNO misspells it
        return function_names.identifier(shown) if shown.upper() in FUNCTIONS else ""

    def getDisplayFunctionName(self, method: str) -> str:  # noqa: D102, N802
        return BY_METHOD.get(method, "")

    def getFunctionDescription(self, method: str) -> str:  # noqa: D102, N802
        return str(FUNCTIONS[BY_METHOD[method]]["summary"]) if method in BY_METHOD else ""

    def getDisplayArgumentName(self, method: str, index: int) -> str:  # noqa: D102, N802
        return self._parameter(method, index, 0)

    def getArgumentDescription(self, method: str, index: int) -> str:  # noqa: D102, N802
        return self._parameter(method, index, 1)

    def getProgrammaticCategoryName(self, method: str) -> str:  # noqa: D102, N802
        return "Add-In"

    def getDisplayCategoryName(self, method: str) -> str:  # noqa: D102, N802
        return "Add-In"

    def getCompatibilityNames(self, method: str) -> tuple[Any, ...]:  # noqa: D102, N802
        return (LocalizedName(Locale("en", "US", ""), BY_METHOD[method]),) if method in BY_METHOD else ()

    def _parameter(self, method: str, index: int, part: int) -> str:
        parameters = FUNCTIONS[BY_METHOD[method]]["parameters"] if method in BY_METHOD else []
        return str(parameters[index][part]) if 0 <= index < len(parameters) else ""


class CellsResult(unohelper.Base, XVolatileResult):
    """A result of more than one cell, which a method that may also give one value can only give so."""

    def __init__(self, rows: tuple[tuple[Any, ...], ...]) -> None:
        self.rows = rows

    def addResultListener(self, listener: Any) -> None:  # noqa: D102, N802
        listener.modified(ResultEvent(self, uno.Any("[][]any", self.rows)))

    def removeResultListener(self, listener: Any) -> None:  # noqa: D102, N802
        pass


cells_result = lru_cache(maxsize=1024)(CellsResult)
"""LibreOffice keeps what it knows of such a result for good: the same cells come in the same one."""


def _method(name: str) -> Any:
    def answer(self: MetricsBase, *arguments: Any) -> Any:
        rows = LINK.call(name, arguments)
        if FUNCTIONS[name]["gives"] == "table":
            return rows
        if len(rows) == len(rows[0]) == 1:
            return rows[0][0]  # alone: in a table of one cell LibreOffice's MAX would pass over an error
        return cells_result(rows) if FUNCTIONS[name]["gives"] == "number" else LINK.refuse(name, ONE_TEXT)

    return answer


Metrics: Any = type("Metrics", (MetricsBase,), {method: _method(name) for method, name in BY_METHOD.items()})


class Handler(UnoService, XDispatchProvider, XNotifyingDispatch, XInitialization):
    """The buttons. With the argument Quiet no window opens: the other arguments answer, and the message comes back."""

    implementation = "org.returnoncustomer.Handler"
    services = ("com.sun.star.frame.ProtocolHandler",)
    frame: Any = None
    working: ClassVar[list[str]] = []
    """The title of the button that is at work: while it shows its progress another one could be pressed."""

    def initialize(self, arguments: tuple[Any, ...]) -> None:  # noqa: D102
        self.frame = arguments[0] if arguments else None

    def queryDispatch(self, url: Any, target: str, flags: int) -> Any:  # noqa: D102, N802
        return self if url.Protocol == PROTOCOL and url.Path in BUTTONS else None

    def queryDispatches(self, wanted: tuple[Any, ...]) -> tuple[Any, ...]:  # noqa: D102, N802
        return tuple(self.queryDispatch(one.FeatureURL, one.FrameName, one.SearchFlags) for one in wanted)

    def dispatch(self, url: Any, arguments: tuple[Any, ...]) -> None:  # noqa: D102
        self._press(url, arguments)

    def dispatchWithNotification(self, url: Any, arguments: tuple[Any, ...], listener: Any) -> None:  # noqa: D102, N802
        listener.dispatchFinished(DispatchResultEvent(self, 1, self._press(url, arguments)))

    def addStatusListener(self, listener: Any, url: Any) -> None:  # noqa: D102, N802
        pass

    def removeStatusListener(self, listener: Any, url: Any) -> None:  # noqa: D102, N802
        pass

    def _press(self, url: Any, arguments: tuple[Any, ...]) -> str:
        values = {argument.Name: argument.Value for argument in arguments}
        shown = dialogs.ScriptedAnswers(values) if "Quiet" in values else dialogs.Windows(self.context, self.frame)
        window = buttons.DocumentWindow(self.context, self.frame, FUNCTIONS, CALLS, LINK, HELP, COLUMNS, shown)
        title = BUTTONS[url.Path]
        if self.working:
            return f"{self.working[0]} is still at work; press Esc to cancel it."
        self.working.append(title)
        try:
            message: str = buttons.press(url.Path, window)
        except Exception as error:  # LibreOffice would drop it in silence
            message = f"This did not work: {error}"
        finally:
            self.working.clear()
        if message and "Quiet" not in values:
            window.show(title, message)
        return message


class Job(UnoService, XJob):
    """Repairs our functions' names when an Excel file was loaded or saved, and lets its tables grow."""

    implementation = "org.returnoncustomer.Job"
    services = ("com.sun.star.task.Job",)

    def execute(self, arguments: tuple[Any, ...]) -> None:  # noqa: D102
        environment = {
            item.Name: item.Value for argument in arguments if argument.Name == "Environment" for item in argument.Value
        }
        document = environment.get("Model")
        if document is None or not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            return
        excel_files.on_event(environment["EventName"], document, CALLS, ORIGINALS)
        if environment["EventName"] == "OnLoadFinished" and excel_files.is_excel(document):
            tables = DatabaseRanges(document, COLUMNS)
            growing.grow_by_themselves(document, tables, self.context, lambda: bool(Handler.working))


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816  # LibreOffice looks for this name
for part in (Metrics, Handler, Job):
    g_ImplementationHelper.addImplementation(part, part.implementation, part.services)
