"""A field for the number of an identity document where nobody has chosen which."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cards.identity_documents import DocumentType, check_document_number
from cards.mistakes import Mistake
from cards.models import Programme
from pages.fields import DocumentNumberField


class AnyDocumentField(DocumentNumberField):
    """F-RID: the number of whichever document the programme takes."""

    documents: list[str]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("ID number"))
        kwargs.setdefault("help_text", pgettext_lazy("identity document", "The one registered for the card"))
        super().__init__(**kwargs)

    def take_for(self, programme: Programme | None) -> None:
        """Accept a number that one of the programme's documents can have; of any document where there is none."""
        self.documents = list(programme.id_types if programme else DocumentType.values)
        self.ask_for(self.documents[0])
        if len(self.documents) > 1:
            self.missing, self.widget.attrs["inputmode"] = "E19", "text"
        elif self.documents == [DocumentType.RESIDENT_ID]:
            self.label = _("Resident ID number")
            self.help_text = _("18 characters. If it ends in X you can type * instead")

    def read(self, text: str) -> str:
        first: Mistake | None = None
        for document in self.documents:
            try:
                return check_document_number(document, text)
            except Mistake as mistake:
                first = first or mistake
        raise first or Mistake("E19")

    def missing_values(self) -> dict[str, Any]:
        return {} if self.missing == "E19" else super().missing_values()
