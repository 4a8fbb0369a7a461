"""What granian serves for `make run`: the portal, with its worker and beat in the same process."""

import os
import signal
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from portal.demo.carrier import start_carrier
from portal.embedded import end_with_parent, start_queue
from portal.refusal import refuse_unfit_settings

WHERE = """
The portal        {url}/
Phone and mailbox {url}/demo/   (messages arrive here, and the cards to try are listed)
Administration    {url}/admin/  user: admin  password: {password}
{carrier}
Ctrl-C stops it.
"""

# Until granian has its own, the handlers inherited from its main process would only note that we were told to stop.
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_DFL)

end_with_parent()
application = get_wsgi_application()
refuse_unfit_settings()
ledger = f"Carrier's ledger  {start_carrier()}/ledger\n" if "CARRIER" in os.environ else ""
start_queue()
told = {"url": settings.PORTAL_URL, "password": os.environ["DEMO_ADMIN_PASSWORD"], "carrier": ledger}
sys.stdout.write(WHERE.format(**told))
sys.stdout.flush()
