"""Traits: one definition, evaluated by the fold (live) and by the scan (batch)."""
