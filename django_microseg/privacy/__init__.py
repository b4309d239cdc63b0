"""May we, and undo it: consent, export, erase, retention."""
