"""Encrypted files for a print shop: how they are sealed, and how they come onto the disk whole or not at all.

A file is CMS EnvelopedData (RFC 5652) in DER: AES-256-CBC, its key encrypted to the RSA key of the print shop's
certificate. What is in it is never on the disk in clear. Whether it came over unchanged is told by its SHA-256 digest,
which the print shop is told another way.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

LEAST_BITS = 2048
PART = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{64}\.part")


class CertificateNotUsable(Exception):
    """`cause` is one of: not_pem, not_rsa, too_short, not_valid_now."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


def read_certificate(pem: bytes, at: datetime) -> x509.Certificate:
    """The print shop's certificate. The library encrypts to RSA keys only. Raises CertificateNotUsable."""
    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise CertificateNotUsable("not_pem") from None
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise CertificateNotUsable("not_rsa")
    if key.key_size < LEAST_BITS:
        raise CertificateNotUsable("too_short")
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise CertificateNotUsable("not_valid_now")
    return certificate


def fingerprint(certificate: x509.Certificate) -> str:
    """What people compare: the certificate's SHA-256 in hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def seal(content: bytes, certificate: x509.Certificate) -> bytes:
    """Encrypt, so that only the holder of the certificate's key can read it."""
    builder = PKCS7EnvelopeBuilder().set_data(content).add_recipient(certificate)
    builder = builder.set_content_encryption_algorithm(algorithms.AES256)
    return builder.encrypt(Encoding.DER, [PKCS7Options.Binary])


class Part:
    """A file that is on the disk, but does not have its name yet. `digest` is the SHA-256 of its content."""

    def __init__(self, path: Path, target: Path, digest: str) -> None:
        self.path, self.target, self.digest = path, target, digest

    def publish(self) -> Path:
        """Give it its name, in one step that overwrites nothing; again, if need be. Raises FileExistsError."""
        try:
            os.link(self.path, self.target)
        except FileExistsError:
            if not self.path.samefile(self.target):
                raise FileExistsError(self.target) from None
        _sync(self.target.parent)
        self.path.unlink()
        return self.target


@contextmanager
def written(target: Path, content: bytes) -> Iterator[Part]:
    """Write the content beside where it shall be; inside the block nobody else touches it, and it survives a crash."""
    digest = hashlib.sha256(content).hexdigest()
    path = target.with_name(f".{target.name}.{digest}.part")
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        _sync(path.parent)
        yield Part(path, target, digest)


def left_over(folder: Path) -> list[Part]:
    """The nameless files that interrupted exports have left; not those that are being written at this moment."""
    found = []
    for path in sorted(folder.glob(".*.part")):
        named = PART.fullmatch(path.name)
        if named is None:
            continue
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        found.append(Part(path, folder / named["name"], digest))
    return found


def _sync(folder: Path) -> None:
    """Let the folder's entries survive a crash, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
