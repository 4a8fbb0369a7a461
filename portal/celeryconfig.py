"""What Celery is told. Every time is in seconds."""

from typing import Any

from django.conf import settings

# A worker that hangs is stopped before what it holds is given to another: soft < hard < lease of a row.
LEASE = 60
task_time_limit = 50
task_soft_time_limit = 40

EMBEDDED = settings.REDIS_URL.startswith("memory:")
broker_url = "memory://localhost" if EMBEDDED else settings.REDIS_URL
broker_transport_options = (
    {"polling_interval": 0.05} if EMBEDDED else {"socket_connect_timeout": 5, "visibility_timeout": 3600}
)
broker_connection_retry_on_startup = True
broker_connection_max_retries = None  # for ever: when Redis is back, so are we
task_publish_retry = True
task_publish_retry_policy = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}

task_ignore_result = True
task_default_queue = "celery"
task_serializer = "json"
accept_content = ["json"]
task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
worker_hijack_root_logger = False
worker_redirect_stdouts = False
worker_enable_remote_control = False
worker_send_task_events = False
# A lost broker ends no task: rows are held by their leases, and what was cut off would wait for their end.
worker_cancel_long_running_tasks_on_connection_loss = False
CELERY_DB_REUSE_MAX = 1000  # else the database connection is closed after every task

# Nothing on the schedule is rarer than an hour and everything may run twice, so the beat keeps no file of its own.
beat_scheduler = "celery.beat:Scheduler"
timezone = settings.TIME_ZONE

# Embedded, what a command in another process wrote is found by the sweep only, so it comes often.
SWEEP = 2.0 if EMBEDDED else 10.0
TIDY = 60.0
FEEDS = 30.0
HOUSEKEEPING = 900.0


def every(seconds: float, task: str, queue: str = "celery") -> dict[str, Any]:
    """A line of the beat. A tick that no worker took before the next one is due is dropped, not piled up."""
    return {"task": task, "schedule": seconds, "options": {"queue": queue, "expires": seconds}}


# The outbox and the rows people wait for first; then what only tidies, because the clock decides at every look-up.
beat_schedule = {
    "send messages": every(SWEEP, "messaging.tasks.sweep_messages", "codes"),
    "see what became of messages": every(SWEEP, "messaging.tasks.sweep_outcomes", "codes"),
    "answer requests for codes": every(SWEEP, "accounts.tasks.sweep_code_requests", "codes"),
    "verify submitted attempts": every(SWEEP, "activation.tasks.sweep_attempts", "codes"),
    "tell issuers of reported cards": every(SWEEP, "accounts.tasks.tell_issuers", "codes"),
    "settle new PINs": every(SWEEP, "accounts.tasks.sweep_pin_resets", "codes"),
    "mark stale activation codes": every(TIDY, "activation.tasks.expire_stale_codes"),
    "mark stale sign-in codes": every(TIDY, "accounts.tasks.expire_sign_in_codes"),
    "mark stale codes to add a card": every(TIDY, "accounts.tasks.expire_binding_codes"),
    "mark stale codes to freeze": every(TIDY, "accounts.tasks.expire_loss_codes"),
    "mark stale PIN reset codes": every(TIDY, "accounts.tasks.expire_pin_reset_codes"),
    "mark stale codes to change an account": every(TIDY, "accounts.tasks.expire_account_codes"),
    "put changed contacts into effect": every(TIDY, "accounts.tasks.settle_contact_changes"),
    "close stale attempts": every(TIDY, "activation.tasks.close_stale_attempts"),
    "remind of unused codes": every(TIDY, "activation.tasks.remind_of_codes"),
    "drop letters that were not printed in time": every(TIDY, "activation.tasks.drop_late_letters"),
    "trip unused prefixes": every(TIDY, "messaging.tasks.trip_prefixes"),
    "ask issuers for transactions": every(FEEDS, "statements.tasks.sweep_feeds"),
    "forget old messages": every(TIDY, "messaging.tasks.forget_messages"),
    "forget raw receipts": every(TIDY, "messaging.tasks.forget_receipts"),
    "forget document numbers": every(TIDY, "cards.tasks.forget_id_numbers"),
    "forget answers": every(TIDY, "activation.tasks.forget_answers"),
    "forget old events": every(HOUSEKEEPING, "cards.tasks.forget_events"),
    "forget spent counters": every(HOUSEKEEPING, "vault.tasks.forget_counters"),
    "forget ended sessions": every(HOUSEKEEPING, "vault.tasks.forget_ended_sessions"),
    "forget contacts of closed accounts": every(HOUSEKEEPING, "accounts.tasks.forget_contacts"),
    "forget old transactions and alerts": every(HOUSEKEEPING, "statements.tasks.forget_transactions"),
    "forget what accounts have ended": every(HOUSEKEEPING, "accounts.tasks.forget_ended"),
    "forget answered requests": every(HOUSEKEEPING, "accounts.tasks.forget_code_requests"),
}
