"""The portal's settings, with the addresses, templates and crispy pack of the peers (`code_step_peers.py`)."""

from portal.settings import *  # noqa: F403 - all of them
from portal.settings import BASE_DIR, CRISPY_ALLOWED_TEMPLATE_PACKS, INSTALLED_APPS, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "formtools", "crispy_bootstrap5"]
CRISPY_ALLOWED_TEMPLATE_PACKS = (*CRISPY_ALLOWED_TEMPLATE_PACKS, "bootstrap5")  # type: ignore[assignment]
TEMPLATES = [{**TEMPLATES[0], "DIRS": [BASE_DIR / "templates", BASE_DIR / "benchmarks" / "templates"]}]
ROOT_URLCONF = "benchmarks.code_step_peers"
