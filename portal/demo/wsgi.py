"""What granian serves for `make run`: the portal, with its worker and beat in the same process."""

import atexit
import os
import sys

from django.conf import settings

from portal.embedded import end_with_parent, start_queue, stop_queue
from portal.wsgi import application

__all__ = ["application"]

WHERE = """
The portal        {url}/
Phone and mailbox {url}/demo/   (the messages arrive here, and the cards to try are listed)
Administration    {url}/admin/  user: admin  password: {password}

Ctrl-C stops it.
"""

end_with_parent()
start_queue()
atexit.register(stop_queue)
sys.stdout.write(WHERE.format(url=settings.PORTAL_URL, password=os.environ["DEMO_ADMIN_PASSWORD"]))
sys.stdout.flush()
