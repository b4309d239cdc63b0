"""What a segment is like: what sets its members apart, how alike they are, where they come from, who they were."""
