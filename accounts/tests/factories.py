"""People for tests."""

import factory
from django.utils import timezone

from accounts.models import CardBinding, User
from cards.dimensions import State
from cards.tests.factories import CardFactory


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A cardholder known by phone and email; `email=""` for one known by phone only."""

    class Meta:
        model = User

    phone = factory.Sequence(lambda n: f"+86139{n:08d}")
    email = factory.Sequence(lambda n: f"person{n}@example.com")
    language = "en"
    password = "!"  # no password fits


class StaffFactory(factory.django.DjangoModelFactory[User]):
    """A member of staff; give `password` in the clear."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"staff{n}")
    is_staff = True
    password = factory.django.Password("correct horse battery staple")


class CardBindingFactory(factory.django.DjangoModelFactory[CardBinding]):
    """An active card in somebody's account."""

    class Meta:
        model = CardBinding

    user = factory.SubFactory(UserFactory)
    card = factory.SubFactory(CardFactory, state=State.ACTIVE)
    bound_at = factory.LazyFunction(timezone.now)
