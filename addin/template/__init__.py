"""The template workbook: one module per sheet, the look they share, and the rules they keep."""
