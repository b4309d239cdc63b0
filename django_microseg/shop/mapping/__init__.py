"""How a shop's models are read from paths in the settings, without a line of the shop's own code."""
