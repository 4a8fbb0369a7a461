"""The pages of the journey: what a browser sees of it."""
