"""All that is known about one account, table by table, in a number of queries that does not grow."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.activity import plain_words_of
from accounts.models import AccountEvent, CardBinding, CardHelper, Case, LossReport, User, UserSession
from activation.models import ActivationAttempt
from cards.masks import mask_card
from cards.models import Card
from desk.doers import names_of_staff, told_by
from desk.reading import page_of
from desk.reasons import in_words
from desk.states import about_of, progress_of
from desk.story import NEWEST, Row, Table


def story_of_account(user: User) -> list[Table]:
    """Its cards, what is known by a reference, who helps whom, where it is signed in, and what happened to it."""
    at = timezone.now()
    bindings = list(CardBinding.objects.filter(user=user).select_related("card__programme").order_by("-pk")[:NEWEST])
    held = [binding.card_id for binding in bindings if binding.ended_at is None]
    cases = Case.objects.filter(Q(user=user) | Q(card__in=held)).select_related("card").order_by("-pk")[:NEWEST]
    losses = LossReport.objects.filter(card__in=held).select_related("card").order_by("-pk")[:NEWEST]
    attempts = ActivationAttempt.objects.filter(card__in=held).select_related("card").order_by("-pk")[:NEWEST]
    helpers = CardHelper.objects.filter(card__in=held).select_related("card", "user").order_by("-pk")[:NEWEST]
    helped = CardHelper.objects.filter(user=user).select_related("card__programme").order_by("-pk")[:NEWEST]
    events = list(AccountEvent.objects.filter(user=user).order_by("-pk")[:NEWEST])
    names = names_of_staff(events)
    sessions = UserSession.objects.filter(user=user).order_by("-began_at")[:NEWEST]
    return [
        Table(
            _("Cards"),
            (_("Card"), _("Programme"), _("State"), _("Bound"), _("Ended")),
            [
                Row(
                    page_of(b.card),
                    (
                        tail_of(b.card),
                        b.card.programme,
                        b.card.get_state_display(),
                        b.bound_at,
                        b.ended_at,
                    ),
                )
                for b in bindings
            ],
        ),
        Table(
            _("Cases"),
            (_("Reference"), _("About"), _("Card"), _("Opened"), _("Ended")),
            [Row(page_of(c), (c.reference, about_of(c), tail_of(c.card), c.opened_at, c.closed_at)) for c in cases],
        ),
        Table(
            _("Losses"),
            (_("Reference"), _("Card"), _("Frozen"), _("Unfrozen"), _("Reported lost")),
            [Row(page_of(r), (r.reference, tail_of(r.card), r.frozen_at, r.lifted_at, r.lost_at)) for r in losses],
        ),
        Table(
            _("Activation attempts"),
            (_("Reference"), _("Card"), _("Progress"), _("Verdict"), _("Opened"), _("Ended")),
            [
                Row(
                    page_of(a),
                    (
                        *(a.reference, tail_of(a.card), progress_of(a, at)),
                        *(a.get_verdict_display(), a.opened_at, a.closed_at),
                    ),
                )
                for a in attempts
            ],
        ),
        Table(
            _("Who helps with these cards"),
            (_("Account"), _("Card"), _("Since"), _("Ended")),
            [Row(page_of(h.user), (h.user, tail_of(h.card), h.since, h.ended_at)) for h in helpers],
        ),
        Table(
            _("Helps with cards of others"),
            (_("Card"), _("Programme"), _("Since"), _("Ended")),
            [Row(page_of(h.card), (tail_of(h.card), h.card.programme, h.since, h.ended_at)) for h in helped],
        ),
        Table(
            _("Where it is signed in, or was"),
            (_("With"), _("Since"), _("Last active"), _("Ended")),
            [Row("", (s.browser, s.began_at, s.seen_at, s.ended_at)) for s in sessions],
        ),
        Table(
            _("Activity (the event as the cardholder reads it)"),
            (_("Event"), _("By"), _("Reason"), _("Comment"), _("At")),
            [Row("", (plain_words_of(e), told_by(e, names), in_words(e.reason), e.comment, e.at)) for e in events],
        ),
    ]


def tail_of(card: Card | None) -> str:
    """A card as these tables call it; nothing where there is none."""
    return mask_card(card.number_tail) if card else ""
