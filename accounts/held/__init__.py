"""What we hold about somebody: why, until when, and all of it as a download."""
