"""The special functions of scipy, for import where they are needed: a call from a cell that needs none loads none.

scipy's linear algebra library (OpenBLAS) does not fail where little address space is left (40 to 96 MiB as tried): it
waits for ever for memory, or interrupts the program. So there is a look for room first, and a MemoryError without.

The functions are taken from scipy's compiled module: what is around it in `scipy.special` takes ten times as long to
load. A scipy that has them elsewhere is loaded whole.
"""

from __future__ import annotations

import mmap
import sys
from importlib.util import find_spec, module_from_spec

PACKAGE = "scipy.special"
ROOM = 256 << 20

try:
    mmap.mmap(-1, ROOM).close()
except OSError as error:
    raise MemoryError(f"scipy needs {ROOM >> 20} MiB of address space") from error

_around = None if PACKAGE in sys.modules else find_spec(PACKAGE)
if _around:
    sys.modules[PACKAGE] = module_from_spec(_around)  # an empty one, in which the compiled module is found
try:
    from scipy.special._ufuncs import _zeta as zeta
    from scipy.special._ufuncs import gammaincc, gammaincinv, gammaln, stdtr, stdtrit
    from scipy.special._ufuncs import psi as digamma
except ImportError:
    sys.modules.pop(PACKAGE)
    from scipy.special import digamma, gammaincc, gammaincinv, gammaln, stdtr, stdtrit, zeta
else:
    if _around:
        del sys.modules[PACKAGE]

__all__ = ["digamma", "gammaincc", "gammaincinv", "gammaln", "stdtr", "stdtrit", "zeta"]
