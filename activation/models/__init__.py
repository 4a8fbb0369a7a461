from activation.models.attempts import ActivationAttempt
from activation.models.codes import ActivationCode, ContactCode

__all__ = ["ActivationAttempt", "ActivationCode", "ContactCode"]
