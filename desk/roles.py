"""Who may do what at the desk: one group a role, with Django's permissions. Which person has which role is data.

The groups are made anew after every migration, so that this table is the one truth about them.
"""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as all_apps
from django.utils.translation import gettext_lazy as _

from cards.dimensions import Role

AUDITOR = "auditor"
"""Sees everything and changes nothing; so it is no role that anybody acts as."""

OWN_PERMISSIONS = {
    "send_code": "Can send an activation code",
    "revoke_code": "Can revoke an activation code",
    "suspend_card": "Can freeze a card",
    "terminate_card": "Can close a card",
    "allow_unfreezing": "Can let a cardholder unfreeze a card after the seven days",
    "stop_new_pin": "Can stop a new PIN",
    "end_help": "Can end somebody's help with a card",
    "sign_out_account": "Can sign an account out everywhere",
}
"""What Django's four do not name. All are kept with the card; who may close cards may close and reopen accounts."""

POLICY = ("destination", "gatewayrate", "gatewaysender", "providertemplate")
"""Where messages go, and what gateways are told."""

LOOKED_AT = {
    "cards": ("programme", "card", "cardevent"),
    "activation": ("activationcode", "contactcode", "activationattempt"),
    "accounts": (
        *("user", "cardbinding", "cardhelper", "case", "lossreport", "pinreset"),
        *("signincode", "losscode", "bindingcode", "coderequest"),
    ),
    "statements": ("transaction", "alert"),
    "messaging": ("message", *POLICY),
}
VIEW = frozenset(f"{app}.view_{model}" for app, models in LOOKED_AT.items() for model in models)
RECEIPTS = frozenset({"messaging.view_receipt"})
CASES = frozenset({"accounts.change_case"})
HELP = CASES | {f"cards.{may}" for may in OWN_PERMISSIONS if may != "terminate_card"}
ISSUE = frozenset({"cards.send_code", "cards.revoke_code", "cards.terminate_card"})
PROGRAMMES = frozenset({"cards.add_programme", "cards.change_programme"})
GATEWAYS = frozenset(f"messaging.{act}_{model}" for act in ("add", "change", "delete") for model in POLICY)
RETRY = frozenset({"messaging.change_message"})
"""Trying again to send what could not be sent; nothing else of a message can be changed."""

LOOK_AT_STAFF = frozenset({"desk.view_staff"})
LOG = frozenset({"admin.view_logentry", "desk.view_donebystaff"})
"""What staff did to programmes, to one another and to accounts; who may see an account sees it there."""

MANAGE_STAFF = LOOK_AT_STAFF | {"desk.add_staff", "desk.change_staff"}

ROLES: dict[str, frozenset[str]] = {
    Role.AGENT: VIEW | HELP,
    Role.SUPERVISOR: VIEW | HELP | RECEIPTS | RETRY | MANAGE_STAFF | LOG,
    Role.OPERATOR: VIEW | ISSUE | PROGRAMMES | GATEWAYS | RETRY,
    AUDITOR: VIEW | RECEIPTS | LOOK_AT_STAFF | LOG,
}
"""Closing a card is the issuer's, freezing one is the hotline's: so says the table of moves in `cards.moves`."""


def make_roles(sender: AppConfig, using: str = "default", **kwargs: Any) -> None:
    """Give every role its group with exactly its permissions (connected to `post_migrate`)."""
    group_model, permission_model = all_apps.get_model("auth.Group"), all_apps.get_model("auth.Permission")
    card_type = (
        all_apps.get_model("contenttypes.ContentType")
        .objects.db_manager(using)
        .get_for_model(all_apps.get_model("cards.Card"))
    )
    for codename, name in OWN_PERMISSIONS.items():
        permission_model.objects.using(using).update_or_create(
            content_type=card_type, codename=codename, defaults={"name": name}
        )
    found = permission_model.objects.using(using).select_related("content_type")
    by_name = {f"{one.content_type.app_label}.{one.codename}": one for one in found}
    for role, names in ROLES.items():
        group, _made = group_model.objects.using(using).get_or_create(name=str(role))
        group.permissions.set([by_name[name] for name in names])


def roles_of(user: Any) -> list[Role]:
    """The roles somebody can act as, by their groups; a superuser can act as each."""
    if user.is_superuser:
        return [Role.SUPERVISOR, Role.OPERATOR, Role.AGENT]
    named = {group.name for group in user.groups.all()}
    return [role for role in Role if role in named]


def label_of(role: str) -> str:
    """What a role is called on a page."""
    return str(_("Auditor")) if role == AUDITOR else str(dict(Role.choices).get(role, role))


def granted_by(user: Any) -> list[str]:
    """The roles that somebody may give and take: a superuser all, a supervisor those of the team, which are agents."""
    if user.is_superuser:
        return [str(role) for role in ROLES]
    return [str(Role.AGENT)] if Role.SUPERVISOR in roles_of(user) else []


def may_manage(user: Any, staff: Any) -> bool:
    """Whether somebody may change another's roles and password: never their own, nor of one who may do more."""
    if user.pk == staff.pk:
        return False
    held = {group.name for group in staff.groups.all()}
    return user.is_superuser or (not staff.is_superuser and held <= set(granted_by(user)))
