"""`python -m addin` is the command roc."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # the current folder: what lies beside somebody's workbook must not stand in for a module

from addin.cli import main  # after the path is safe

if __name__ == "__main__":
    main()
