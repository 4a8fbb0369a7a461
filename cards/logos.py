"""Logos that issuers upload: small SVG pictures that can do nothing but be drawn."""

import re
from xml.etree import ElementTree

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LARGEST = 4096
"""Bytes of the largest logo, so that the first page stays within one TCP window."""
_DRAWING = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "defs", "use"}
    | {"title", "desc", "clipPath", "mask", "symbol", "linearGradient", "radialGradient", "stop"}
)
_OUTWARD = re.compile(r"url\s*\(\s*['\"]?(?!#)|javascript:|data:|@import|expression", re.IGNORECASE)


def check_logo(svg: str) -> None:
    """Refuse an SVG that is larger than 4 KB, is not well-formed, or holds more than shapes."""
    if len(svg.encode()) > LARGEST:
        raise ValidationError(_("The logo must not be larger than 4 KB."))
    if "<!" in svg.replace("<!--", ""):  # entities and their bombs begin with a DOCTYPE
        raise ValidationError(_("The logo must not have a DOCTYPE. Save it as plain SVG."))
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 - at most 4 KB, and without DOCTYPE there are no entities
    except ElementTree.ParseError:
        raise ValidationError(_("The logo is not an SVG picture. Save it as plain SVG.")) from None
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name not in _DRAWING or (element is root and name != "svg"):
            raise ValidationError(_("The logo must not contain “%(name)s”. Save it as plain SVG.") % {"name": name})
        for attribute, value in element.attrib.items():
            short = attribute.rpartition("}")[2].lower()
            reaches_out = short == "href" and not value.startswith("#")
            if short.startswith("on") or short == "style" or reaches_out or _OUTWARD.search(value):
                raise ValidationError(
                    _("The logo must not contain “%(name)s”. Save it as plain SVG.") % {"name": short}
                )
