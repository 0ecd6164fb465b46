"""Sentence vectors from a model in a local folder. Nothing is ever fetched; the files must match their pins."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from groundswell.errors import BadInputError, NotFoundError, UsageError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Made = TypeVar("Made")

MODEL, TOKENIZER, PINS = "model.onnx", "tokenizer.json", "SHA256SUMS"
TOKENS = 128  # of a text that are read: a headline and its opening
KEPT = 20_000  # vectors kept, so that an article is read once and not at every mend

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_MEND = "put there an ONNX model that gives one vector a token, as the document on dense vectors tells"


class SentenceModel:
    """Implements ``ports.Vectors``: the mean of a text's token vectors, of length one.

    Each text is read alone, on one thread, so that its vector depends on nothing else, to the last bit.
    """

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._types = {one.name: np.int32 if "int32" in one.type else np.int64 for one in session.get_inputs()}
        self._kept: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._nothing = np.zeros_like(self._mean([0]))  # also tries the model

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a row for each text (at least one), of length one; zeros for a text without tokens or sense."""
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> NDArray[np.float32]:
        if text in self._kept:
            self._kept.move_to_end(text)
            return self._kept[text]
        self._kept[text] = vector = self._read(text)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return vector

    def _read(self, text: str) -> NDArray[np.float32]:
        # Lone surrogates cannot be handed to the tokenizer.
        ids = self._tokenizer.encode(text.encode("utf-8", "replace").decode()).ids
        vector = self._mean(ids) if ids else self._nothing
        length = float(np.linalg.norm(vector))
        return vector / length if np.isfinite(length) and length > 0 else self._nothing

    def _mean(self, ids: list[int]) -> NDArray[np.float32]:
        rows = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": [0] * len(ids)}
        given = {name: np.array([rows[name]], kind) for name, kind in self._types.items()}
        told = np.asarray(self._session.run(None, given)[0], np.float32)
        mean: NDArray[np.float32] = told.reshape(-1, told.shape[-1]).mean(axis=0)
        return mean


def load_sentence_model(folder: Path) -> SentenceModel:
    """Read the model of ``folder``: ``model.onnx``, ``tokenizer.json`` and their pins in ``SHA256SUMS``.

    Raises:
        UsageError: the packages that read models are not installed.
        NotFoundError: the folder or one of its files does not exist.
        BadInputError: a file is not the one that was pinned, or cannot be used.
    """
    try:
        import onnxruntime  # noqa: PLC0415 - optional, and slow to import
        import tokenizers  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "the setting dense needs packages that are not installed; run pip install 'groundswell[dense]'"
        ) from None
    pinned = _pinned(folder)
    model, told = (_checked(folder / name, pinned) for name in (MODEL, TOKENIZER))
    # From bytes: what runs is what was checked, and the model cannot name further files.
    session = _usable(folder / MODEL, lambda: onnxruntime.InferenceSession(model, _quiet(onnxruntime)))
    tokenizer = _usable(folder / TOKENIZER, lambda: tokenizers.Tokenizer.from_str(told.decode("utf-8")))
    tokenizer.enable_truncation(TOKENS)
    tokenizer.no_padding()
    if unknown := {one.name for one in session.get_inputs()} - set(_INPUTS):
        raise BadInputError(f"{folder / MODEL} asks for {', '.join(sorted(unknown))}; {_MEND}")
    return _usable(folder / MODEL, lambda: SentenceModel(session, tokenizer))


def _quiet(onnxruntime: Any) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 4  # what is wrong is told once, by us
    return options


def _usable(path: Path, made: Callable[[], Made]) -> Made:
    """What ``made`` answers. The libraries raise whatever they like for a file that is none of theirs."""
    try:
        return made()
    except Exception as error:
        told = " ".join(str(error).split())[:120]
        raise BadInputError(f"{path} cannot be used: {told}; {_MEND}") from error


def _pinned(folder: Path) -> dict[str, str]:
    """The pins by file name: lines of a SHA-256 and a name, as ``sha256sum`` writes them."""
    lines = _read(folder / PINS).decode("utf-8", "replace").splitlines()
    return {name.lstrip("*"): digest.lower() for digest, _, name in (line.partition("  ") for line in lines)}


def _checked(path: Path, pinned: dict[str, str]) -> bytes:
    body = _read(path)
    if path.name not in pinned:
        raise BadInputError(f"{path.parent / PINS} has no line for {path.name}; add it with sha256sum")
    if hashlib.sha256(body).hexdigest() != pinned[path.name]:
        raise BadInputError(
            f"{path} is not the file that {PINS} pins; restore it, or pin it anew with sha256sum if you trust it"
        )
    return body


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise NotFoundError(
            f"there is no file {path}; the setting dense names a folder with {MODEL}, {TOKENIZER}, {PINS}"
        )
    return path.read_bytes()
