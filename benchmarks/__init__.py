"""What it costs, beside its peers and limits."""
