"""`/healthz`: the process lives. `/readyz`: it can serve people. For load balancers and orchestrators."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from portal.broker import queue_lengths
from portal.silent_database import watch
from portal.sweeps import lag
from vault.key_samples import keys_that_do_not_fit

OK = "ok"


class Health:
    """Answers before everything else: probes name no host of ours, and `/healthz` must not need the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.migrated = self.keys_fit = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        return self.readiness() if request.path == "/readyz" else self.get_response(request)

    def readiness(self) -> HttpResponse:
        """503 when no page can work. Without the broker or the sweeps the pages still do, and messages wait in their
        outbox: that is "degraded" and 200, or one Redis would take every web process out of service."""
        parts = self.rows() | {"broker": self.broker()}
        serves = parts["database"] == parts["migrations"] == OK
        status = "unavailable" if not serves else "ready" if {*parts.values()} == {OK} else "degraded"
        told = {"status": status, **parts}
        return JsonResponse(told, status=200 if serves else 503, headers={"Cache-Control": "no-store"})

    def rows(self) -> dict[str, str]:
        """What the database says: of itself, of the migrations, of the keys and of the sweeps."""
        away = {"database": "unreachable", "migrations": "unknown", "keys": "unknown", "sweeper": "unknown"}
        if watch.silent:
            return away
        try:
            with watch.over_me():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                    cursor.fetchall()
                if (migrations := self.migrations()) != OK:
                    return away | {"database": OK, "migrations": migrations}
                return {"database": OK, "migrations": OK, "keys": self.keys(), "sweeper": str(lag(timezone.now()))}
        except DatabaseError:
            connection.close()
            return away

    def migrations(self) -> str:
        """Applied ones stay applied while this code runs, so once is enough."""
        if not self.migrated:
            executor = MigrationExecutor(connection)
            self.migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return OK if self.migrated else "missing"

    def keys(self) -> str:
        """A process keeps its keys, so once is enough. Few rows are looked at: what they say is no reason for 503."""
        if not self.keys_fit:
            unfit = keys_that_do_not_fit()
            self.keys_fit = not unfit
            if unfit:
                return f"{', '.join(unfit)} does not fit the data"
        return OK

    def broker(self) -> str:
        return "unreachable" if queue_lengths() is None else OK
