"""Documents to print or to keep, one module each."""
