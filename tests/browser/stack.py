"""The portal as it is deployed, with real servers on every side, for a browser on this machine."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.services.clone import copy_clone
from tests.services.installation import Installation, WebServer
from tests.services.postgres import PostgresServer
from tests.services.processes import listens
from tests.services.redis import RedisServer
from tests.services.sms import SmsGateway
from tests.services.smtp import SmtpServer

PROGRAMMES = """
import json
from cards.models import Programme
for entry in json.load(open("demo/programmes.json", encoding="utf-8")):
    Programme.objects.create(**entry)
"""


class Stack:
    """PostgreSQL, Redis, granian, a worker, the beat, and the two gateways that get what is sent."""

    def __init__(self, installation: Installation, mails: SmtpServer, sms: SmsGateway, address: str) -> None:
        self.installation, self.mails, self.sms, self.address = installation, mails, sms, address

    def web_of_database(self, url: str) -> tuple[WebServer, str]:
        """Another web server of the same installation, which is told of another database; and its address."""
        web = self.installation.web_of("portal.wsgi:application", DATABASE_URL=url)
        web.ready = lambda: listens(web.port)  # it is not ready to serve people, which is what is looked at
        return web, f"http://127.0.0.1:{web.port}"

    def manage(self, *command: str) -> str:
        """Run a management command to its end and give what it said."""
        done = self.installation.manage(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@contextmanager
def running_stack(folder: Path) -> Iterator[Stack]:
    """Start everything, with the demo's programmes and no card; end everything after the block."""
    with ExitStack() as ending:
        postgres, redis = PostgresServer(), RedisServer()
        ending.callback(postgres.remove)
        ending.callback(redis.remove)
        mails, sms = ending.enter_context(SmtpServer()), ending.enter_context(SmsGateway())
        code = copy_clone(folder / "clone")
        installation = Installation(
            code,
            folder,
            DATABASE_URL=postgres.start().url,
            REDIS_URL=redis.start().url,
            EMAIL_URL=mails.url,
            SMS_URL=sms.url,
            PORTAL_URL="http://127.0.0.1",
            TRUSTED_PROXY_COUNT="0",
            LOG_LEVEL="INFO",
        )
        address = f"http://127.0.0.1:{installation.web.port}"
        installation.environment["PORTAL_URL"] = address
        stack = Stack(installation, mails, sms, address)
        stack.manage("collectstatic", "--noinput", "--verbosity=0", "--skip-checks")
        stack.manage("migrate", "--verbosity=0")
        stack.manage("shell", "--no-imports", "-c", PROGRAMMES)
        ending.enter_context(installation)
        installation.worker.start()
        installation.beat.start()
        installation.web.start()
        yield stack
