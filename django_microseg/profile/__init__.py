"""Who it is: identities, the figures (traits) over a profile's events, and declared facts."""
