"""What a WSGI server such as granian serves: `portal.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from portal.refusal import refuse_unfit_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()
refuse_unfit_settings()
