"""Benchmarks: every figure is a ratio or a count taken in one run, so that a busy machine cancels out."""
