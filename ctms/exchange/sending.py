"""One message to one address: the one that was looked at, without redirects, within seconds, whatever it answers."""

import http.client
import logging
import socket
import ssl
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from .guarding import AddressRefused, public_address, refusal_of_address

log = logging.getLogger(__name__)
CONNECT_SECONDS = 3
WHOLE_SECONDS = 8
READ_BYTES = 2000


@dataclass(frozen=True)
class Answer:
    """What came back: an HTTP status, or why there is none."""

    status: int | None = None
    error: str = ""

    @property
    def accepted(self):
        return self.status is not None and 200 <= self.status < 300


class _Pinned(http.client.HTTPConnection):
    """A connection to one address under the name the certificate must carry."""

    def __init__(self, host, port, address, *, secure):
        super().__init__(host, port, timeout=CONNECT_SECONDS)
        self.address, self.secure = address, secure
        # What HTTP leaves out of the Host header.
        self.default_port = 443 if secure else 80

    def connect(self):
        self.sock = socket.create_connection((self.address, self.port), CONNECT_SECONDS)
        if self.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def post(url, body, headers):
    """Send `body` once and return the Answer; never raises for what the other side does."""
    if refusal := refusal_of_address(url):
        return Answer(error=str(refusal))
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        address = public_address(parts.hostname, port)
    except AddressRefused as refused:
        return Answer(error=str(refused))
    connection = _Pinned(parts.hostname, port, address, secure=secure)
    # A timeout of a socket begins anew with every byte; this one ends the whole exchange.
    ending = threading.Timer(WHOLE_SECONDS, _cut, [connection])
    ending.daemon = True
    ending.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body.encode(), headers)
        answer = connection.getresponse()
        answer.read(READ_BYTES)
        return Answer(status=answer.status, error="" if 200 <= answer.status < 300 else _said(answer))
    except (OSError, http.client.HTTPException, ValueError) as failure:
        log.info("A webhook could not be delivered: %s", failure)
        return Answer(error=_reason(failure))
    finally:
        ending.cancel()
        connection.close()


def _cut(connection):
    try:
        connection.sock.shutdown(socket.SHUT_RDWR)
    except (OSError, AttributeError):
        pass  # it is closed already, or not open yet: then its own timeout ends it


def _said(answer):
    if 300 <= answer.status < 400:
        return _("It answered %(status)s; redirects are not followed.") % {"status": answer.status}
    return _("It answered %(status)s.") % {"status": answer.status}


def _reason(failure):
    """Return what went wrong in words that tell nothing of our network."""
    if isinstance(failure, TimeoutError):
        return _("It did not answer in time.")
    if isinstance(failure, ssl.SSLCertVerificationError):
        return _("Its certificate is not valid for this name.")
    if isinstance(failure, ConnectionRefusedError):
        return _("It refused the connection.")
    return _("The connection failed: %(kind)s.") % {"kind": type(failure).__name__}
