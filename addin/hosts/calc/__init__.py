"""LibreOffice Calc: an extension whose functions and buttons ask server processes."""
