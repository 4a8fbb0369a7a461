"""What must hold while machines, servers and networks break: one file a claim, each with a naive twin that fails.

`make test` runs the short form of each; `make faults` (pytest's `--full`) the one whose figures stand in
docs/operations.md.
"""
