"""Figures that depend on the machine; ``python -m benchmarks`` prints them."""
