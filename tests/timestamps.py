"""A timestamp authority on this machine, by certomancer: right, slow, or talking nonsense."""

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from certomancer.services import TimeStamper
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

REPLY = "application/timestamp-reply"
NONSENSE = (
    "page",
    "bytes",
    "empty",
    "refusal",
    "other_digest",
    "other_authority",
    "wrong_clock",
    "drip",
    "error",
)


def _certificate(name, key, issuer, issuer_key, *extensions):
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    draft = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer or subject)
    draft = draft.public_key(key.public_key()).serial_number(x509.random_serial_number())
    draft = draft.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=99))
    for extension, critical in extensions:
        draft = draft.add_extension(extension, critical=critical)
    return draft.sign(issuer_key, hashes.SHA256())


class Authority:
    """Its certificates, and what it answers to a request."""

    def __init__(self):
        root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        ca = (x509.BasicConstraints(ca=True, path_length=0), True)
        stamps = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
        self.root = _certificate("Akar stempel uji", root_key, None, root_key, ca)
        self.leaf = _certificate("Stempel uji", key, self.root.subject, root_key, stamps)
        der, plain = serialization.Encoding.DER, serialization.NoEncryption()
        self.key = keys.PrivateKeyInfo.load(key.private_bytes(der, serialization.PrivateFormat.PKCS8, plain))

    @property
    def pem(self):
        return self.root.public_bytes(serialization.Encoding.PEM)

    def answer(self, body, *, at=None):
        leaf, root = (
            asn1_x509.Certificate.load(each.public_bytes(serialization.Encoding.DER))
            for each in (self.leaf, self.root)
        )
        stamper = TimeStamper(leaf, self.key, certs_to_embed=[root], fixed_dt=at)
        return stamper.request_tsa_response(tsp.TimeStampReq.load(body))


def _reply(how, authority, body):
    if how == "page":
        return 200, "text/html", b"<h1>Selamat datang</h1>"
    if how == "bytes":
        return 200, REPLY, b"\x00\x01 bukan stempel"
    if how == "empty":
        return 200, REPLY, b""
    if how == "error":
        return 503, REPLY, b""
    if how == "refusal":
        return 200, REPLY, tsp.TimeStampResp({"status": {"status": "rejection"}}).dump()
    if how == "other_digest":
        request = tsp.TimeStampReq.load(body)
        request["message_imprint"]["hashed_message"] = bytes(32)
        return 200, REPLY, authority.answer(request.dump()).dump()
    if how == "other_authority":
        return 200, REPLY, Authority().answer(body).dump()
    if how == "wrong_clock":
        return 200, REPLY, authority.answer(body, at=datetime.now(UTC) - timedelta(hours=2)).dump()
    return 200, REPLY, authority.answer(body).dump()


@contextmanager
def timestamping(settings, folder, how="right", watch=lambda: None):
    """Serve on 127.0.0.1 and set the product up for it. `watch` is called at each request, in the server's thread."""
    authority = Authority()
    (folder / "timestamp.pem").write_bytes(authority.pem)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            watch()
            if how == "slow":
                time.sleep(3)
            status, kind, content = _reply(how, authority, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self._send(content)

        def _send(self, content):
            try:
                if how != "drip":
                    self.wfile.write(content)
                    return
                for byte in content[:50]:  # never silent for long, and never done
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.1)
            except OSError:
                return  # nobody waits for it any more

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        settings.TIMESTAMP_URL = f"http://127.0.0.1:{server.server_port}/"
        yield settings.TIMESTAMP_URL
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        settings.TIMESTAMP_URL = ""
