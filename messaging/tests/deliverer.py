"""A worker's delivery as a process of its own, so that a test can kill it: `python -m messaging.tests.deliverer`.

The environment says which database and gateway.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from messaging import delivery, kinds  # noqa: E402  (needs the models)
from messaging.tests.secrets import contact_code  # noqa: E402

if __name__ == "__main__":
    kinds._KINDS["contact_code"] = kinds.Kind("contact_code", contact_code)
    delivery.deliver_due("sms", urgent=True, seconds=20)
