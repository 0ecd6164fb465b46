"""Everything that is kept: one file per aggregate, functions over a connection; ``Store`` opens and locks."""

from groundswell.storage.connection import Store

__all__ = ["Store"]
