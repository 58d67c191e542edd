"""Which network addresses may be visited on behalf of an article."""

import ipaddress
import socket
from collections.abc import Callable, Sequence

from igny8_media.errors import InputError, OutsideError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# Host and port to numeric addresses, as `socket.getaddrinfo` gives them.
Resolver = Callable[[str, int], Sequence[str]]

# RFC 6052: the last 32 bits are an IPv4 address that a gateway will connect to.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def system_resolver(host: str, port: int) -> list[str]:
    """Ask the system. Odd spellings (`2130706433`, `0x7f.1`, `017700000001`) come out numeric."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]).split("%")[0] for entry in found]


def parse_networks(names: Sequence[str]) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(name) for name in names)
    except ValueError as error:
        raise InputError(
            f"The allowed networks are wrong: {error}; write them like 10.0.0.0/8."
        ) from None


def is_allowed(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether the address is on the public internet, or in a network that settings allow.

    Addresses that carry another one inside (IPv4-mapped, 6to4, Teredo, NAT64) are judged by both.
    """
    if any(address in network for network in allowed if network.version == address.version):
        return True
    inner = _inner(address)
    if inner is not None and not is_allowed(inner, allowed):
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return True
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def _inner(address: Address) -> Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]


def checked_addresses(
    host: str, port: int, resolve: Resolver, allowed: Sequence[Network]
) -> list[str]:
    """The addresses of a host that may be connected to, in the resolver's order.

    Raises InputError if all of them are refused, OutsideError if the name does not resolve.
    """
    try:
        found = [ipaddress.ip_address(address) for address in resolve(host, port)]
    except (OSError, UnicodeError) as error:
        raise OutsideError(
            f"The address of {host} cannot be found ({error}); check the name and the network."
        ) from error
    good = list(dict.fromkeys(str(address) for address in found if is_allowed(address, allowed)))
    if not good:
        raise InputError(
            f"{host} is not on the public internet ({', '.join(sorted(map(str, set(found))))}); "
            "such addresses are refused unless the settings allow their network."
        )
    return good
