"""A quiz as a browser gets it: payloads, the words of the interface, static files."""
