"""Where tracking clients and browsers send what happened: plain views, because every page view passes here."""
