"""What the shop answers. Plain functions: read the request, call the shop, say what happened, render."""
