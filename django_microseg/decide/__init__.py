"""What they get: slots and the experiences that fill them."""
