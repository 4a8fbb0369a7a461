"""Row ids: UUIDs that grow with time."""

import os
import time
import uuid
from datetime import UTC, datetime

NS_PER_MS = 1_000_000


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562, 5.7; the fraction of the millisecond in `rand_a` as in 6.2, method 3).

    Ids made one after the other lie side by side in an index, so inserting a million rows touches few pages.
    An id is no secret: its moment can be read, and 62 bits of it are random.
    """
    milliseconds, rest = divmod(time.time_ns(), NS_PER_MS)
    random_bits = int.from_bytes(os.urandom(8)) >> 2
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | (rest * 4096 // NS_PER_MS) << 64 | 0b10 << 62 | random_bits)


def made_at(made: uuid.UUID) -> datetime:
    """The moment at which this id was made, to the millisecond."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)


def first_id(moment: datetime) -> uuid.UUID:
    """The smallest id that can be made at this moment, so that rows can be found by their age through their ids."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)
