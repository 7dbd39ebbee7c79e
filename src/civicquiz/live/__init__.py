"""A site of notebooks whose Python runs in the browser, and which needs no other host."""
