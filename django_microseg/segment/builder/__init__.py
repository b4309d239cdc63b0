"""What the rule builder of the admin asks: what rules may say, a rule in its other forms, values to choose from."""
