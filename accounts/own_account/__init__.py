"""Changing one's own account: its contacts, and closing it."""
