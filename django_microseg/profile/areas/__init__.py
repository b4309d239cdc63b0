"""The area in which somebody lives, by their postcode: how many people, how dense, how fast it grows."""
