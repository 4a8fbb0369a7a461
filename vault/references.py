"""References that people read out on the telephone."""

import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that is read out wrongly: no 0, O, 1, I


def new_reference() -> str:
    """A reference such as `A7K4-22QP-Z9HM`: 60 bits, so that nobody guesses one."""
    return "-".join("".join(secrets.choice(ALPHABET) for _digit in range(4)) for _group in range(3))
