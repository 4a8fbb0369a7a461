"""A small app with one encrypted model, for the tests: the vault itself has none."""
