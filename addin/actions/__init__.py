"""What the buttons and commands do, written once against a small protocol of a workbook."""
