"""A certificate for this computer alone, since Excel loads add-ins over https only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from addin.errors import BookError
from addin.files import settings_folder, write_setting

HOST, ADDRESS = "localhost", "127.0.0.1"
DAYS, DAYS_LEFT = 365, 30


def certificate() -> Path:
    """The file of the certificate and its key; made where there is none, or an old one."""
    path = settings_folder() / "web" / f"{HOST}.pem"
    if not _lasts(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)  # the key is nobody else's
        write_setting(path, _made())
    return path


def _lasts(path: Path) -> bool:
    try:
        from cryptography import x509
    except ImportError:
        raise BookError(
            "roc web makes a certificate with the package cryptography; "
            "run: python -m pip install 'return-on-customer[web]'"
        ) from None
    if not path.is_file():
        return False
    found = x509.load_pem_x509_certificate(path.read_bytes())
    return found.not_valid_after_utc > datetime.now(UTC) + timedelta(days=DAYS_LEFT)


def _made() -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Return on Customer on {HOST}")])
    places = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(ip_address(ADDRESS))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(places, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made.public_bytes(Encoding.PEM) + secret
