"""A carrier of text messages that behaves as badly as it is told, the same way each time. Standard library only."""
