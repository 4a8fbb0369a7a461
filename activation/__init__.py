"""The activation journey: its codes, its attempts, its steps, its verification."""
