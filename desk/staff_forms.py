"""The forms by which staff are added, changed and given a password: Django's, for our columns."""

from typing import Any, ClassVar

from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm, UsernameField
from django.contrib.auth.models import Group
from django.forms import ModelForm, ModelMultipleChoiceField

from desk.models import Staff
from desk.required_fields import NamesRequired
from desk.roles import label_of


class RolesField(ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Groups, each by what its role is called."""

    def label_from_instance(self, obj: Group) -> str:
        """Call it by its words."""
        return label_of(obj.name)


def ask_for_username(form: ModelForm) -> None:  # type: ignore[type-arg]
    """An account may be without a username, a member of staff may not."""
    field: Any = form.fields.get("username")
    if field is not None:  # it is not there on a page that only shows
        field.required, field.empty_value = True, ""


class NewStaffForm(NamesRequired, UserCreationForm):  # type: ignore[type-arg]
    """A username, which a cardholder's account need not have, and a password."""

    class Meta:
        model = Staff
        fields = ("username", "groups")
        field_classes: ClassVar[dict[str, Any]] = {"username": UsernameField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_username(self)


class StaffForm(NamesRequired, UserChangeForm):  # type: ignore[type-arg]
    """The same without the password, which has a page of its own."""

    class Meta:
        model = Staff
        fields = ("username", "groups", "is_active")
        field_classes: ClassVar[dict[str, Any]] = {"username": UsernameField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_username(self)


class StaffPasswordForm(NamesRequired, AdminPasswordChangeForm):  # type: ignore[type-arg]
    """A new password. Django's choice of an account without one is left out: there is no other way in for staff."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields.pop("usable_password", None)
        self.fields["password1"].required = self.fields["password2"].required = True
