"""What we infer of people from what they did. Light: nothing here needs more than Python and the database."""
