"""Golden personas: people made up for a purpose, and the segments that they must and must not be in."""
