"""Choosing another PIN: changing it, resetting it, and what waits until it is in effect."""
