"""States of sources on which the program failed, stored so that no source is asked in a hot loop."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundswell.errors import StoreError
from groundswell.log import log_program_error
from groundswell.model import UpstreamState
from groundswell.storage.engine.store import Store
from groundswell.storage.upstreams import states

MAX_WAIT = timedelta(days=2)
"""No failure makes a longer wait: a later time to ask again was computed by a wrong clock."""


class FailedStates:
    """Stores each state in a transaction of its own. Where even that fails, the wait is kept in memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._not_before: dict[str, datetime] = {}

    def save(self, state: UpstreamState) -> None:
        """Store the state of a source on which the program failed. Raises ``StoreError``, and nothing else."""
        if state.next_due_at:
            self._not_before[state.name] = state.next_due_at
        try:
            with self._store.write() as connection:
                states.save_states(connection, [state])
        except StoreError:
            raise
        except Exception as error:
            log_program_error(f"the state of {state.name}", error)
        else:
            self._not_before.pop(state.name, None)

    def is_waiting(self, name: str, now: datetime) -> bool:
        """Whether a source is not to be asked yet, although the store says that it is due."""
        until = self._not_before.get(name)
        return until is not None and now < until <= now + MAX_WAIT
