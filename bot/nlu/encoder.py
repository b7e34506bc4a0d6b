"""Turns text into vectors with our own small sentence encoder (int8 ONNX; docs/model-card.md) on one thread."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

MODEL = Path(__file__).parent / "model"
WINDOW = 192
"""Tokens read at once; a longer message is read in overlapping windows."""
OVERLAP = 48

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Window:
    """One stretch of a message: its vector (384,), and each token's vector (n, 384) with its span in the text."""

    vector: Vectors
    tokens: Vectors
    spans: list[tuple[int, int]]


def version() -> str:
    """Names the weights in the model's folder, as :attr:`Encoder.version` does; they needn't be loaded for it."""
    return f"minilm-{json.loads((MODEL / 'about.json').read_text('utf-8'))['sha256'][:12]}"


class Encoder:
    """MiniLM, trained on from all-MiniLM-L6-v2, with mean pooling. Thread-safe: holds no state between calls."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(MODEL / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
        self._version = version()
        # Padding to 128 tokens is the file's default and costs four times the work on a short message.
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(WINDOW, stride=OVERLAP)

    @property
    def version(self) -> str:
        """Names these very weights, for the record and for caches."""
        return self._version

    def encode(self, text: str) -> list[Window]:
        """The windows of one text, at least one. The text must hold no lone surrogate (``bot.text.clean``)."""
        first = self._tokenizer.encode(text)
        return [self._window(encoding) for encoding in [first, *first.overflowing]]

    def _window(self, encoding: Any) -> Window:
        ids = np.array([encoding.ids], dtype=np.int64)
        tokens = self._session.run(
            None,
            {"input_ids": ids, "attention_mask": np.ones_like(ids)},
        )[0][0]
        pooled = tokens.mean(axis=0)
        length = max(float(np.linalg.norm(pooled)), 1e-9)
        return Window(pooled / length, tokens / length, encoding.offsets)
