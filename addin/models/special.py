"""The special functions of scipy, for import where they are needed: a call from a cell that needs none loads none.

scipy's linear algebra library (OpenBLAS) does not fail where little address space is left (40 to 96 MiB as tried): it
waits for ever for memory, or interrupts the program. So there is a look for room first, and a MemoryError without.
"""

from __future__ import annotations

import mmap

ROOM = 256 << 20

try:
    mmap.mmap(-1, ROOM).close()
except OSError as error:
    raise MemoryError(f"scipy needs {ROOM >> 20} MiB of address space") from error

from scipy.special import digamma, gammaincc, gammaincinv, gammaln, zeta  # noqa: E402  # only where there is room

__all__ = ["digamma", "gammaincc", "gammaincinv", "gammaln", "zeta"]
