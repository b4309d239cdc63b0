"""What is going on where a visitor is: holidays, weather, local events."""
