"""The separate dimensions of a card, and the words for who did something to it, through which door."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """What a card may be used for; moved by `cards.states.move` alone."""

    PENDING_FULFILMENT = "pending_fulfilment", _("Being made")
    PENDING_ACTIVATION = "pending_activation", _("Not activated")
    ACTIVATING = "activating", _("Being checked")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Frozen")
    BLOCKED = "blocked", _("Blocked")
    TERMINATED = "terminated", _("Closed")
    EXPIRED = "expired", _("Expired")


class Fulfilment(models.TextChoices):
    """Where the piece of plastic is."""

    PENDING = "pending", _("Not ordered")
    SUBMITTED = "submitted", _("Ordered")
    SHIPPED = "shipped", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Not delivered")
    RETURNED = "returned", _("Returned")
    NOT_APPLICABLE = "not_applicable", _("Nothing to deliver")


class PinStatus(models.TextChoices):
    """Whether the card has a PIN that works."""

    NOT_SET = "not_set", _("No PIN")
    OK = "ok", _("PIN set")
    BLOCKED = "blocked", _("PIN locked")
    RESET_PENDING = "reset_pending", _("PIN being reset")


class Profile(models.TextChoices):
    """The download of an eSIM's profile (GSMA SGP.22); empty on every other card."""

    AVAILABLE = "available", _("Available")
    ALLOCATED = "allocated", _("Allocated")
    LINKED = "linked", _("Linked")
    CONFIRMED = "confirmed", _("Confirmed")
    RELEASED = "released", _("Released")
    DOWNLOADED = "downloaded", _("Downloaded")
    INSTALLED = "installed", _("Installed")
    ENABLED = "enabled", _("Enabled")
    DISABLED = "disabled", _("Disabled")
    DELETED = "deleted", _("Deleted")
    ERROR = "error", _("Error")


class ActorKind(models.TextChoices):
    """Who did something to a card."""

    CARDHOLDER = "cardholder", _("Cardholder")
    STAFF = "staff", _("Staff")
    SYSTEM = "system", _("System")
    ISSUER = "issuer", _("Issuer")


class Role(models.TextChoices):
    """As what a member of staff did it."""

    AGENT = "agent", _("Agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    OPERATOR = "operator", _("Operator for the issuer")


class Via(models.TextChoices):
    """Through which door it was done."""

    WEB = "WEB", _("Web")
    ADMIN = "ADMIN", _("Admin")
    HOTLINE = "HOTLINE", _("Hotline")
    API = "API", _("Interface")
    SYSTEM = "SYSTEM", _("System")


class Channel(models.TextChoices):
    """By which way a one-time code reaches its person."""

    SMS = "sms", _("Text message")
    EMAIL = "email", _("Email")
    VOICE = "voice", _("Voice call")
    LETTER = "letter", _("Letter")
    AGENT = "agent", _("Read out by an agent")
    CARRIER = "carrier", _("Printed with the card")
