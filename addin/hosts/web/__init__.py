"""Excel on the Mac and on the web: an add-in of static files whose Python runs in the browser."""
