"""Raises an exception at any function of the program that runs for one source, once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

import pytest

PACKAGE = "/groundswell/"


class InjectedError(Exception):
    """Stands for any error of the program."""


class Injection:
    """Watches the functions that run within a guarded call, and makes one of them raise, once."""

    def __init__(self) -> None:
        self.seen: dict[CodeType, None] = {}
        self.target: CodeType | None = None
        self.raised = 0
        self.is_recording = True

    def watch(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, is_meant: Callable[..., bool]) -> None:
        """Watch each call of ``owner.name`` whose arguments are meant."""
        original = getattr(owner, name)

        def watched(*arguments: Any, **named: Any) -> Any:
            is_idle = self.target is None and not self.is_recording
            if is_idle or not is_meant(*arguments, **named):
                return original(*arguments, **named)
            with self._trace(original.__code__):
                return original(*arguments, **named)

        monkeypatch.setattr(owner, name, watched)

    def take_steps(self, common: Collection[CodeType] = ()) -> list[CodeType]:
        """End the recording; return the functions seen but those in ``common``, which another kind tests."""
        steps = [code for code in self.seen if code not in common]
        self.is_recording = False
        return steps

    @contextmanager
    def _trace(self, guard: CodeType) -> Iterator[None]:
        def trace(frame: FrameType, event: str, _: Any) -> None:
            code = frame.f_code
            if event != "call" or code is guard or PACKAGE not in code.co_filename:
                return
            if self.is_recording:
                self.seen.setdefault(code)
            if code is self.target and not self.raised:
                self.raised += 1
                raise InjectedError(code.co_qualname)

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            yield
        finally:
            sys.settrace(before)


def name_of(code: CodeType) -> str:
    """The module and name of a function."""
    return f"{code.co_filename.rpartition(PACKAGE)[2]}:{code.co_qualname}"
