"""The desk keeps nothing of its own. Django tells only rooms with this module when migrations have run."""
