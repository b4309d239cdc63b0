"""A member of staff looks at the shop as somebody else would see it; nothing of it is recorded or priced."""
