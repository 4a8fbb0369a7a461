from activation.models.attempts import ActivationAttempt
from activation.models.codes import ActivationCode, ContactCode
from activation.models.invitations import Invitation

__all__ = ["ActivationAttempt", "ActivationCode", "ContactCode", "Invitation"]
