"""Losing a card: freezing it, lifting that, ending it for good, and "it was not me"."""
