"""What keeps secrets: key rings, encrypted fields, blind indexes, sealed sessions, limits on guessing."""
