"""How often one may guess in the journey. Subjects are what was submitted, so that a card that does not exist runs
out of tries like one that does."""

from datetime import timedelta

from vault.limits import Limit

CODE_TRIES = Limit(
    name="activation-code-tries",
    sentence="Five wrong activation codes for one card number, then a wait that doubles from 15 minutes to a day",
    tries=5,
    window=timedelta(hours=24),
    penalty=timedelta(minutes=15),
    penalty_cap=timedelta(hours=24),
)
CODE_TRIES_A_DAY = Limit(
    name="activation-code-tries-a-day",
    sentence="Ten wrong activation codes for one card number in 24 hours",
    tries=10,
    window=timedelta(hours=24),
)
CONTACT_TRIES = Limit(
    name="contact-tries",
    sentence="Ten contacts that are not the registered ones for one card in 24 hours",
    tries=10,
    window=timedelta(hours=24),
)
SECURITY_CODE_TRIES = Limit(
    name="contact-code-tries",
    sentence="Five wrong security codes for one card, then a wait that doubles from 15 minutes to a day",
    tries=5,
    window=timedelta(hours=24),
    penalty=timedelta(minutes=15),
    penalty_cap=timedelta(hours=24),
)
IDENTITY_MISMATCHES = Limit(
    name="identity-mismatches",
    sentence="Five times other details than the issuer's for one card in six hours",
    tries=5,
    window=timedelta(hours=6),
)
