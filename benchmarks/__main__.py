"""`make bench`: every benchmark, one after the other, each in a process of its own. Prints figures beside their aims.

Those that need a PostgreSQL start one of their own from Debian's package, on an empty folder, and remove it.
"""

import subprocess
import sys

BENCHMARKS = ("pin_policy", "code_step", "import_cards", "outbox", "expiry", "operations", "statement")


def main() -> int:
    """Run all, even after one has failed; say which failed."""
    failed = []
    for name in sys.argv[1:] or BENCHMARKS:
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            failed.append(name)
        print(flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
