"""Which groups: rules, the compiled ruleset, membership and its history."""
