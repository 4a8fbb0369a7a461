"""`python -m demo.carrier --port 8025 seed=7 loss=0.2`: a carrier until Ctrl-C. `GET /ledger` shows what came."""

import argparse
import sys
import threading

from demo.carrier.conduct import Conduct, Unclear
from demo.carrier.server import Carrier


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m demo.carrier", description=Conduct.__doc__)
    parser.add_argument("conduct", nargs="*", metavar="name=value", help="such as loss=0.2 outage=10-20:close")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, help="the same as seed=")
    parser.add_argument("--receipts", default="", metavar="URL", help="where receipts go")
    parser.add_argument("--secret", default="", help="signs the receipts")
    told = parser.parse_args()
    words = [*told.conduct, *([f"seed={told.seed}"] if told.seed is not None else [])]
    try:
        conduct = Conduct.read(" ".join(words))
    except Unclear as mistake:
        parser.error(str(mistake))
    with Carrier(conduct, port=told.port, receipts_url=told.receipts, secret=told.secret) as carrier:
        sys.stdout.write(f"SMS_URL={carrier.url}\n{carrier.url}/ledger\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
