"""What runs inside LibreOffice, on its own Python: only the standard library and UNO, nothing of ours from outside."""
