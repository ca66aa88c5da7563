"""A certificate that a server signs itself, for connections that are encrypted and whose name nobody checks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """Writes the files of the certificate and of its key, which only their owner may read."""
    # Only the emulator's Python packages have it.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    secret, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=secret.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + timedelta(days=1),
    ).sign(secret, hashes.SHA256())
    pem, form, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    certificate, key = folder / "server.crt", folder / "server.key"
    certificate.write_bytes(made.public_bytes(pem))
    key.touch(mode=0o600)
    key.write_bytes(secret.private_bytes(pem, form, plain))
    return certificate, key
