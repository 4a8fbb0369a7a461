"""The queue: Celery as the accelerator of the outbox. Rows hold the truth; a lost or doubled task loses nothing.

celery -A portal worker -Q codes        what a person is waiting for: requests, checks, and the sweeps that find them
celery -A portal worker -Q urgent       sending it
celery -A portal worker -Q bulk         sending what nobody waits for
celery -A portal worker -Q celery       everything else
celery -A portal beat                   one in the installation
"""

import gc
import os
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from celery.signals import beat_init, celeryd_init, worker_process_init
from django.conf import settings
from django.utils import translation
from kombu.connection import Connection

from portal.refusal import refuse_unfit_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

# Seconds. A publisher may be a person's request, so a silent Redis must not hold it; a consumer waits for work anyway.
# It is tried twice, and the page has to answer within two seconds all the same.
PUBLISHER = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}


class SteadyConnection(Connection):
    """Comes back to a broker that is away every 2 seconds. Celery's own pauses grow to half a minute, for which a
    worker and the beat would leave alone a broker that is back.

    And it leaves a closed transport its address. A task that was running when the broker went is acknowledged by the
    channel it came from, which asks for the address again; with Kombu 5.7, that takes it away, the whole worker ends.
    """

    def ensure_connection(self, *args: Any, **options: Any) -> Connection:
        found: Connection = super().ensure_connection(*args, **{"interval_step": 0, **options})  # type: ignore[no-untyped-call]
        return found

    def _do_close_transport(self) -> None:
        self._transport = None


class SteadyConnections(AMQP):
    Connection = SteadyConnection


class Queue(Celery):
    """Celery, with short timeouts on the connections that publish."""

    amqp_cls = SteadyConnections

    def connection_for_write(self, url: str | None = None, **options: Any) -> Connection:
        options["transport_options"] = PUBLISHER | (options.get("transport_options") or {})
        return super().connection_for_write(url, **options)


app = Queue("portal")
app.config_from_object("portal.celeryconfig")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def refuse_to_start_unfit(**kwargs: Any) -> None:
    refuse_unfit_settings()


@worker_process_init.connect
def keep_what_is_loaded(**kwargs: Any) -> None:
    """Load the languages, for which no first message should wait, and let the garbage collector pass over everything
    that was loaded: of a batch's time that is a fifth."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("")
    gc.freeze()
