"""Signing in, staying signed in, and from where."""
