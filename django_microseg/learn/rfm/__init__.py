"""RFM: how recently, how often and for how much people bought, as a grid of named groups."""
