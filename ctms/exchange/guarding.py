"""
Which addresses the product calls: none of its own network.

Whoever may register a webhook would otherwise make the server read what only the server reaches: its database, the
cloud's metadata, a colleague's printer (server-side request forgery). The name is resolved at sending, every address
of it must be public, and the connection goes to the very address that was looked at.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
# Addresses of the new kind that carry one of the old kind inside.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(Exception):
    """This address is not called; the sentence says why."""


def refusal_of_address(url):
    """Return why a webhook may not have this address, or ''; what its name means today is asked at sending."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return _("This is no address.")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return _("This is no address.")
    at_home = settings.WEBHOOKS_MAY_CALL_LOOPBACK and host in LOOPBACK_NAMES
    if parts.scheme != "https" and not (parts.scheme == "http" and at_home):
        return _("The address begins with https://.")
    if not host or parts.username or parts.password:
        return _("Give the address without user name and password; each message is signed.")
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return ""
    return (
        "" if is_public(literal) or at_home else _("This address lies inside a network; give a public one.")
    )


def is_public(address):
    """True if anybody on the internet could call this address."""
    if address.version == 6:
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address in NAT64:
            return is_public(ipaddress.ip_address(int(address) & 0xFFFFFFFF))
        if address.sixtofour or address.teredo:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def public_address(host, port):
    """
    Return the address to connect to.

    :raises AddressRefused: one of the name's addresses lies inside a network, or there is none
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise AddressRefused(_("The name of the address is not known.")) from unknown
    addresses = [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
    for address in addresses:
        at_home = settings.WEBHOOKS_MAY_CALL_LOOPBACK and address.is_loopback
        if not (is_public(address) or at_home):
            raise AddressRefused(_("The address leads into a network and is not called."))
    if not addresses:
        raise AddressRefused(_("The name of the address is not known."))
    return str(addresses[0])
