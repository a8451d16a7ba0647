"""Excel on Windows: VBA wrappers that reach Python through xlwings, the files that hold them, how to install."""
