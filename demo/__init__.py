"""What `make run` shows: made-up programmes and cards."""
