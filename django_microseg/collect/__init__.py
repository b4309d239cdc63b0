"""What happened: events come in, are judged, and are kept as the single source of truth."""
