"""People: signing in, binding a card to an account."""
