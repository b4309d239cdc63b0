"""Makes presets into segments of this shop.

Running it again changes nothing. A preset that the shop has rewritten by hand is left alone; one
whose parameters differ gets a new version.
"""
