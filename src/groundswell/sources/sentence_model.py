"""Sentence vectors from a model in a local folder. Nothing is downloaded; the files must match their checksums."""

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

Result = TypeVar("Result")

MODEL, TOKENIZER, CHECKSUMS = "model.onnx", "tokenizer.json", "SHA256SUMS"
MAX_TOKENS_PER_TEXT = 128
"""Enough for a headline and the start of its summary."""

MAX_CACHED_VECTORS = 20_000
"""So that an article is embedded once, and not again at every repair."""

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_REMEDY = "put an ONNX model there that gives one vector a token, see docs/dense-vectors.md"


class SentenceModel:
    """Implements ``ports.Vectors``: the mean of a text's token vectors, of length one.

    Each text is embedded alone, on one thread, so that its vector depends on nothing else, down to the last bit.
    """

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._types = {tensor.name: np.int32 if "int32" in tensor.type else np.int64 for tensor in session.get_inputs()}
        self._cache: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._zeros = np.zeros_like(self._mean([0]))  # also checks that the model runs

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a row for each text (at least one), of length one; zeros for a text without a usable vector."""
        return np.stack([self._find_vector(text) for text in texts])

    def _find_vector(self, text: str) -> NDArray[np.float32]:
        if text in self._cache:
            self._cache.move_to_end(text)
            return self._cache[text]
        self._cache[text] = vector = self._compute_vector(text)
        if len(self._cache) > MAX_CACHED_VECTORS:
            self._cache.popitem(last=False)
        return vector

    def _compute_vector(self, text: str) -> NDArray[np.float32]:
        # The tokenizer does not accept lone surrogates.
        ids = self._tokenizer.encode(text.encode("utf-8", "replace").decode()).ids
        vector = self._mean(ids) if ids else self._zeros
        length = float(np.linalg.norm(vector))
        return vector / length if np.isfinite(length) and length > 0 else self._zeros

    def _mean(self, ids: list[int]) -> NDArray[np.float32]:
        rows = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": [0] * len(ids)}
        inputs = {name: np.array([rows[name]], kind) for name, kind in self._types.items()}
        token_vectors = np.asarray(self._session.run(None, inputs)[0], np.float32)
        mean: NDArray[np.float32] = token_vectors.reshape(-1, token_vectors.shape[-1]).mean(axis=0)
        return mean


def load_sentence_model(folder: Path) -> SentenceModel:
    """Load the model of ``folder``: ``model.onnx``, ``tokenizer.json`` and their checksums in ``SHA256SUMS``.

    Raises:
        UsageError: the packages that read models are not installed.
        NotFoundError: the folder or one of its files does not exist.
        BadInputError: a file does not match its checksum, or cannot be used.
    """
    try:
        import onnxruntime  # noqa: PLC0415 - optional, and slow to import
        import tokenizers  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "the setting dense needs packages that are not installed; run pip install 'groundswell[dense]'"
        ) from None
    checksums = _read_checksums(folder)
    model, vocabulary = (_read_checked(folder / name, checksums) for name in (MODEL, TOKENIZER))
    # From bytes: the checked bytes are what runs, and the model cannot refer to further files.
    session = _build_or_refuse(
        folder / MODEL, lambda: onnxruntime.InferenceSession(model, _session_options(onnxruntime))
    )
    tokenizer = _build_or_refuse(folder / TOKENIZER, lambda: tokenizers.Tokenizer.from_str(vocabulary.decode("utf-8")))
    tokenizer.enable_truncation(MAX_TOKENS_PER_TEXT)
    tokenizer.no_padding()
    if unknown := {tensor.name for tensor in session.get_inputs()} - set(_INPUTS):
        raise BadInputError(f"{folder / MODEL} asks for {', '.join(sorted(unknown))}; {_REMEDY}")
    return _build_or_refuse(folder / MODEL, lambda: SentenceModel(session, tokenizer))


def _session_options(onnxruntime: Any) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 4  # errors are reported once, by us
    return options


def _build_or_refuse(path: Path, build: Callable[[], Result]) -> Result:
    """Return what ``build`` returns. For a foreign file the libraries raise exceptions of any kind."""
    try:
        return build()
    except Exception as error:
        reason = " ".join(str(error).split())[:120]
        raise BadInputError(f"{path} cannot be used: {reason}; {_REMEDY}") from error


def _read_checksums(folder: Path) -> dict[str, str]:
    """Read the SHA-256 of each file name, in lines as ``sha256sum`` writes them."""
    lines = _read_bytes(folder / CHECKSUMS).decode("utf-8", "replace").splitlines()
    return {name.lstrip("*"): digest.lower() for digest, _, name in (line.partition("  ") for line in lines)}


def _read_checked(path: Path, checksums: dict[str, str]) -> bytes:
    body = _read_bytes(path)
    if path.name not in checksums:
        raise BadInputError(f"{path.parent / CHECKSUMS} has no line for {path.name}; add it with sha256sum")
    if hashlib.sha256(body).hexdigest() != checksums[path.name]:
        raise BadInputError(
            f"{path} does not match {CHECKSUMS}; restore it, or update {CHECKSUMS} with sha256sum if you trust it"
        )
    return body


def _read_bytes(path: Path) -> bytes:
    if not path.is_file():
        raise NotFoundError(
            f"there is no file {path}; the setting dense must name a folder with {MODEL}, {TOKENIZER}, {CHECKSUMS}"
        )
    return path.read_bytes()
