"""What they pay: offers, quoted for a cart and redeemed once by an order."""
