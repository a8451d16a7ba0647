"""`python -m addin` is the command roc."""

from addin.cli import main

if __name__ == "__main__":
    main()
