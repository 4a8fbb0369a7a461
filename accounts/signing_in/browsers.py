"""Which browser on which system a User-Agent speaks of, as far as a person would say it: "Chrome on Android".

Coarse on purpose: no versions and no models, so that what is kept does not single anybody out. What a browser says
about itself proves nothing, and nothing is decided by it.
"""

from django.utils.translation import gettext, pgettext_lazy

LONGEST_READ = 500
"""Characters."""

# The first that is found counts: those that pretend to be another one come before it.
BROWSERS = {
    "WeChat": ("MicroMessenger",),
    "Alipay": ("AlipayClient",),
    "QQ Browser": ("QQBrowser", "QQ/"),
    "UC Browser": ("UCBrowser", "UCWEB"),
    "Huawei Browser": ("HuaweiBrowser", "ArkWeb"),
    "Mi Browser": ("MiuiBrowser",),
    "Samsung Internet": ("SamsungBrowser",),
    "Edge": ("Edg/", "EdgA/", "EdgiOS/"),
    "Opera": ("OPR/", "Opera"),
    "Firefox": ("Firefox/", "FxiOS/"),
    "Chrome": ("Chrome/", "CriOS/", "Chromium/"),
    "Safari": ("Safari/",),
}
SYSTEMS = {
    "HarmonyOS": ("HarmonyOS", "OpenHarmony"),
    "Android": ("Android",),
    "iPhone": ("iPhone", "iPod"),
    "iPad": ("iPad",),
    "Windows": ("Windows",),
    "ChromeOS": ("CrOS",),
    "Mac": ("Macintosh",),
    "Linux": ("Linux", "X11"),
}

OWN_WORDS = {
    "WeChat": pgettext_lazy("browser", "WeChat"),
    "Alipay": pgettext_lazy("browser", "Alipay"),
    "QQ Browser": pgettext_lazy("browser", "QQ Browser"),
    "UC Browser": pgettext_lazy("browser", "UC Browser"),
    "Huawei Browser": pgettext_lazy("browser", "Huawei Browser"),
    "Mi Browser": pgettext_lazy("browser", "Mi Browser"),
    "Samsung Internet": pgettext_lazy("browser", "Samsung Internet"),
}
"""Those that are called differently in other languages."""


def browser_of(user_agent: str) -> str:
    """Give the browser and its system as they are kept: "Chrome/Android", "/Windows", "Firefox/", or "/"."""
    said = user_agent[:LONGEST_READ]
    return f"{_first(BROWSERS, said)}/{_first(SYSTEMS, said)}"


def browser_told(kept: str) -> str:
    """Say in the current language what `browser_of` gave: "Chrome on Android"."""
    browser, _slash, system = kept.partition("/")
    name = str(OWN_WORDS.get(browser, browser))
    if name and system:
        return gettext("%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or (gettext("a browser on %(system)s") % {"system": system} if system else gettext("a browser"))


def _first(known: dict[str, tuple[str, ...]], said: str) -> str:
    return next((name for name, marks in known.items() if any(mark in said for mark in marks)), "")
