"""Progressive profiling: one question about oneself at a time, never one that is answered."""
