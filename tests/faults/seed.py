"""`python -m tests.faults.seed 20` writes twenty cards with a live code, and prints what their holders know as JSON.

For a database that is not the suite's, which a test may freeze.
"""

import json
import sys

import django

django.setup()

from tests.faults.codes import make_holders  # noqa: E402  (needs the models)

if __name__ == "__main__":
    json.dump(make_holders(int(sys.argv[1])), sys.stdout)
