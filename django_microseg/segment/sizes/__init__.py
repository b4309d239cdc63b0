"""How large segments are and were: counted now, kept by day, recomputed for the past, drawn for the admin."""
