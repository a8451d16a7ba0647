"""LibreOffice Calc: an extension whose functions ask a worker process."""
