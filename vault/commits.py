"""What a commit waits for."""

from django.db import connection


def need_no_disk() -> None:
    """Let the open transaction commit without waiting for the disk: if the database crashes within half a second, it
    may be gone, whole. For what is worth no more than that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
