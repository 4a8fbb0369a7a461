"""What cardholders see of their transactions, and of what there is to look at."""
