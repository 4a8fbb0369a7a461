"""Whose account a card is in, and who else may look after it."""
