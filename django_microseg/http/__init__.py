"""What every HTTP door of ours shares, whichever framework answers behind it: reading, counting, refusing."""
