"""A print shop: a certificate, its key, and OpenSSL's own program to read what is encrypted to it."""

import csv
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass
class PrintShop:
    """Where its certificate and its key lie."""

    certificate: Path
    key: Path

    def decrypt(self, path: Path, program: str = "cms") -> str:
        """What `openssl cms` or `openssl smime` reads."""
        command = ["openssl", program, "-decrypt", "-binary", "-inform", "DER"]
        command += ["-in", str(path), "-recip", str(self.certificate), "-inkey", str(self.key)]
        return subprocess.run(command, check=True, capture_output=True).stdout.decode()

    def rows(self, path: Path) -> list[dict[str, str]]:
        """The letters in a file."""
        return list(csv.DictReader(self.decrypt(path).splitlines()))


def make_print_shop(folder: Path, *, key: Any = None, ends_in: timedelta = timedelta(days=30)) -> PrintShop:
    """One with an RSA key of 2048 bits, unless another is given."""
    key = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
    now, name = datetime.now(UTC), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Print shop")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=60))
    certificate = built.not_valid_after(now + ends_in).sign(key, hashes.SHA256())
    shop = PrintShop(folder / "print-shop.pem", folder / "print-shop.key")
    shop.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    shop.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return shop


def elliptic_key() -> Any:
    return ec.generate_private_key(ec.SECP256R1())
