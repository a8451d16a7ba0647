"""What runs inside LibreOffice, on its own Python: the standard library and UNO alone, nothing of ours from outside."""
