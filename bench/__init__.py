"""Benchmarks: the product and the pattern of the tutorials, measured in one run on one machine."""
