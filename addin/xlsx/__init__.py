"""Workbook files calculated with no spreadsheet program, by formualizer with our functions in it."""
