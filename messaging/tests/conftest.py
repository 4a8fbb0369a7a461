"""A kind of message for tests, with the texts of `contact_code` and a code that follows from the subject."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.utils import timezone
from pytest_django import Settings

from messaging import kinds
from messaging.gateways import memory
from messaging.tests.secrets import contact_code
from tests.services.sms import SmsGateway


@pytest.fixture(autouse=True)
def contact_code_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """`contact_code` needs no attempt and no card here."""
    monkeypatch.setitem(kinds._KINDS, "contact_code", kinds.Kind("contact_code", contact_code))


@pytest.fixture
def http_sms(settings: Settings, sms_gateway: SmsGateway) -> SmsGateway:
    """Text messages go to a real HTTP server."""
    settings.SMS_URL = sms_gateway.url
    return sms_gateway


@pytest.fixture
def memory_sms(settings: Settings) -> Iterator[None]:
    """Text messages go to a list."""
    settings.SMS_URL = "memory:"
    memory.outbox.clear()
    yield
    memory.outbox.clear()


@pytest.fixture(scope="session")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A certificate for localhost that nobody vouches for, and its key: two file names."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem, private = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(pem), str(private)
