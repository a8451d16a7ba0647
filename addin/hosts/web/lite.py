"""The functions as one main.py for xlwings Lite, an add-in that runs a workbook's own Python in the browser."""

from __future__ import annotations

import base64
import textwrap

from addin import __version__
from addin.catalogue import Metric, by_family
from addin.hosts.web.core import core
from addin.hosts.web.functions import help_of

HEAD = '''"""The functions of Return on Customer {version} for xlwings Lite: =NPS(), =CHURN(), =CLV() and their kin.

Made by roc build --lite. MIT licence. It needs numpy and scipy among the packages of xlwings Lite.
"""

import base64
import io
import sys
import tempfile
import zipfile

from xlwings import arg, func, ret

CORE = """
{core}
"""

if "addin" not in sys.modules:
    folder = tempfile.mkdtemp()
    zipfile.ZipFile(io.BytesIO(base64.b64decode(CORE))).extractall(folder)
    sys.path.insert(0, folder)

from addin.hosts.web.lite_bridge import answered
'''


def main_py() -> str:
    """The file, whose text is pasted into the editor of xlwings Lite."""
    packed = "\n".join(textwrap.wrap(base64.b64encode(core()).decode(), 120))
    return HEAD.format(version=__version__, core=packed) + "".join(map(_function, by_family()))


def _function(metric: Metric) -> str:
    arguments = "".join(f'@arg({param.name!r}, "raw", doc={help_of(param)!r})\n' for param in metric.params)
    declared = ", ".join(param.name if param.required else f"{param.name}=None" for param in metric.params)
    names = ", ".join([repr(metric.name), *(param.name for param in metric.params)])
    return (
        f'\n\n@func\n{arguments}@ret("raw")\ndef {metric.name.lower()}({declared}):\n'
        f"    {metric.summary!r}\n    return answered({names})\n"
    )
