"""Real servers for the tests: from the system's packages, on free ports, stopped by process id."""
