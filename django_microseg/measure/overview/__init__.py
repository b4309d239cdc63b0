"""The overview: is everything at work, what comes in, how segments move, and what needs somebody."""
