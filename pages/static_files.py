"""How the style sheet, the script and the admin's files are stored."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Names with a hash of the content, cached for ever and compressed beforehand, once `collectstatic` has run.

    Before that (in tests, on a fresh clone) the plain names are served out of the folders they are kept in.
    """

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name
