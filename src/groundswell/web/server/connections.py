"""Open connections by client: how many one client and all together may have, and which one gives way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from groundswell.web.clients import Network, is_within, name_client


@dataclass(frozen=True, slots=True)
class ConnectionLimit:
    """How many connections are kept open, and the deadlines of one.

    ``per_client`` is 0 where a client may keep any number; ``total`` is 0 for as many as files may be opened.
    Connections of ``proxies`` count in total only, and may wait ``proxy_idle_seconds`` for their next request, because
    reverse proxies keep connections for a minute. ``head_seconds`` is how long a client may take for a whole request
    head, from the start of the connection or the end of the last response. A client that reads fewer than
    ``min_sent_bytes`` of a response within ``send_seconds`` is dropped.
    """

    per_client: int = 100
    total: int = 2000
    proxies: tuple[Network, ...] = ()
    head_seconds: float = 10.0
    proxy_idle_seconds: float = 75.0
    send_seconds: float = 20.0
    min_sent_bytes: int = 16 * 1024


class Connection(Protocol):
    """What the table of connections has to know of one."""

    @property
    def waiting_since(self) -> float | None:
        """The time since which nothing was asked; None while a request is being answered."""

    def drop(self) -> None:
        """Close at once, without sending what is left to send."""


@dataclass(slots=True)
class ConnectionTable:
    """The open connections. Used on the event loop only."""

    limit: ConnectionLimit
    _by_client: dict[str, dict[Connection, None]] = field(default_factory=dict)
    _total: int = 0

    def is_proxy(self, address: str) -> bool:
        """Whether an address belongs to a reverse proxy of the owner."""
        return is_within(address, self.limit.proxies)

    def add(self, connection: Connection, address: str) -> bool:
        """Add a connection of a client; return False, without adding it, if there is no room.

        Where a limit is reached, the connection that has waited longest for a request is dropped: of the client at
        its own limit, of all at the limit in total. There is no room if all of them are being answered.
        """
        client = name_client(address)
        own = self._by_client.get(client, {})
        is_full = bool(self.limit.total) and self._total >= self.limit.total
        if self.limit.per_client and len(own) >= self.limit.per_client and not self.is_proxy(address):
            rivals = [own]
        else:
            rivals = list(self._by_client.values()) if is_full else []
        if rivals and not self._drop_longest_waiting(rivals):
            return False
        self._by_client.setdefault(client, {})[connection] = None
        self._total += 1
        return True

    def remove(self, connection: Connection, address: str) -> None:
        """Forget a connection. One that is not in the table is ignored."""
        client = name_client(address)
        own = self._by_client.get(client, {})
        if connection in own:
            del own[connection]
            self._total -= 1
        if not own:
            self._by_client.pop(client, None)

    def __len__(self) -> int:
        return self._total

    def _drop_longest_waiting(self, groups: list[dict[Connection, None]]) -> bool:
        waiting = (
            (since, group, connection)
            for group in groups
            for connection in group
            if (since := connection.waiting_since) is not None
        )
        found = min(waiting, key=lambda one: one[0], default=None)
        if found is None:
            return False
        _, group, connection = found
        del group[connection]  # at once: the connection itself reports its end only later
        self._total -= 1
        connection.drop()
        return True
