"""A timestamp authority of our own, which is OpenSSL's, over HTTP."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.activities.checkpoints import serving

_POLICY = """
[ tsa ]
default_tsa = here
[ here ]
serial = {folder}/serial
default_policy = 1.2.3.4.1
digests = sha256, sha512
signer_digest = sha256
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@dataclass
class TimestampAuthority:
    """Keys and certificates in a folder; ``status`` makes it answer that instead."""

    folder: Path
    status: int | None = None
    served: list[bytes] = field(default_factory=list[bytes])
    """The queries that came."""
    again: bytes | None = None
    """An answer to give whatever is asked, as a dishonest authority would."""

    @property
    def roots(self) -> Path:
        """The certificate to trust."""
        return self.folder / "root.pem"

    async def reply(self, query: bytes) -> bytes:
        """Answer a query as ``openssl ts`` does."""
        asked, told = self.folder / "query.tsq", self.folder / "reply.tsr"
        asked.write_bytes(query)
        await _openssl(
            "ts",
            "-reply",
            "-config",
            str(self.folder / "tsa.cnf"),
            "-queryfile",
            str(asked),
            "-signer",
            str(self.folder / "signer.pem"),
            "-inkey",
            str(self.folder / "signer.key"),
            "-out",
            str(told),
        )
        return told.read_bytes()


async def _openssl(*arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        openssl(), *arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()


def openssl() -> str:
    """Give the OpenSSL program, or skip."""
    found = shutil.which("openssl")
    if found is None:
        pytest.skip("needs the openssl program: it is the authority, and the judge")
    return found


def make_authority(folder: Path, name: str = "Tijd") -> TimestampAuthority:
    """Make a root and a certificate for timestamps under it."""
    folder.mkdir(parents=True)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _certificate(f"{name} root", root_key, None, root_key)
    signer = _certificate(f"{name} signer", key, root, root_key)
    pem = serialization.Encoding.PEM
    (folder / "root.pem").write_bytes(root.public_bytes(pem))
    (folder / "signer.pem").write_bytes(signer.public_bytes(pem))
    (folder / "signer.key").write_bytes(
        key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(_POLICY.format(folder=folder))
    return TimestampAuthority(folder)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    signing: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(issuer is None, None), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()),
            critical=False,
        )
        .add_extension(_usage(ca=issuer is None), critical=True)
    )
    if issuer is not None:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(purpose, critical=True)
    return made.sign(signing, hashes.SHA256())


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


@asynccontextmanager
async def authority_serving(authority: TimestampAuthority) -> AsyncGenerator[str]:
    """Answer queries over HTTP as RFC 3161 §3.4 says; give the URL."""

    async def answer(request: web.Request) -> web.Response:
        if authority.status is not None:
            return web.Response(status=authority.status)
        assert request.content_type == "application/timestamp-query"
        query = await request.read()
        authority.served.append(query)
        body = authority.again or await authority.reply(query)
        return web.Response(body=body, content_type="application/timestamp-reply")

    async with serving(answer) as url:
        yield url
