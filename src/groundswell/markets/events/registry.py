"""The event lists that a claim, a chart or a gauge can name.

To add one, write a module in this package that declares an ``EventList``, or a plug-in whose entry point in the group
``groundswell.event_lists`` names such a module.
"""

from __future__ import annotations

from groundswell.markets.events.event_list import EventList
from groundswell.plugins import Registry

EVENT_LISTS = Registry(EventList, "groundswell.markets.events", "groundswell.event_lists")
