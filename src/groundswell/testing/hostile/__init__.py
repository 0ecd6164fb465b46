"""Hostile feeds: what attackers and broken servers send, what must still be true, and a run against the real parts.

``python -m groundswell.testing.hostile`` runs every case, or those named. Other programs can use ``CASES``.
"""

from groundswell.testing.hostile.case import Answer, Case, ReceivedRequest
from groundswell.testing.hostile.content import CONTENT
from groundswell.testing.hostile.markup import MARKUP
from groundswell.testing.hostile.run import Result, run_cases
from groundswell.testing.hostile.server import serve_cases
from groundswell.testing.hostile.transport import TRANSPORT

CASES = (*TRANSPORT, *MARKUP, *CONTENT)

__all__ = ["CASES", "Answer", "Case", "ReceivedRequest", "Result", "run_cases", "serve_cases"]
