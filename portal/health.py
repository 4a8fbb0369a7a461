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

OK = "ok"


class Health:
    """Answers before everything else: probes name no host of ours, and `/healthz` must not need the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        return self.readiness() if request.path == "/readyz" else self.get_response(request)

    def readiness(self) -> HttpResponse:
        """503 when no page can work. Without the broker or the sweeps the pages still do, and messages wait in their
        outbox: that is "degraded" and 200, or one Redis would take every web process out of service."""
        database, migrations, sweeper = self.rows()
        broker = self.broker()
        serves = database == migrations == OK
        status = "unavailable" if not serves else "ready" if broker == sweeper == OK else "degraded"
        parts = {"status": status, "database": database, "migrations": migrations, "broker": broker}
        parts["sweeper"] = sweeper
        return JsonResponse(parts, status=200 if serves else 503, headers={"Cache-Control": "no-store"})

    def rows(self) -> tuple[str, str, str]:
        """What the database says: of itself, of the migrations and of the sweeps."""
        if watch.silent:
            return "unreachable", "unknown", "unknown"
        try:
            with watch.over_me():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                    cursor.fetchall()
                migrations = self.migrations()
                return OK, migrations, str(lag(timezone.now())) if migrations == OK else "unknown"
        except DatabaseError:
            connection.close()
            return "unreachable", "unknown", "unknown"

    def migrations(self) -> str:
        """Applied ones stay applied while this code runs, so once is enough."""
        if not self.migrated:
            executor = MigrationExecutor(connection)
            self.migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return OK if self.migrated else "missing"

    def broker(self) -> str:
        return "unreachable" if queue_lengths() is None else OK
