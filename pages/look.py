"""Serves a programme's style sheet and logo, to be kept for ever: their address changes with their content."""
