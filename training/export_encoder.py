"""Writes the trained encoder as int8 ONNX: ``python -m training.export_encoder``."""

import argparse
import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel

from training.corpus import PROJECT
from training.network import base_folder

OUT = Path("training/out")
TARGET = PROJECT / "bot" / "nlu" / "model"
BASE_SHARE = 0.2
"""How much of the encoder as it came is left in each weight: with a fifth of it, messages unlike ours are told a little better
(robust fine-tuning of zero-shot models, Wortsman and others, 2022)."""


class Hidden(torch.nn.Module):
    """The encoder with its last hidden state as its one output: pooling is done where the model is run."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """(batch, tokens, 384)."""
        return self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state


def mean_of(trainings: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Each weight's mean over several trainings: what is chance in one evens out (model soups, Wortsman and others, 2022)."""
    first, count = trainings[0], len(trainings)
    return {
        name: sum(one[name] for one in trainings) / count if value.is_floating_point() else value
        for name, value in first.items()
    }


def export(weights: Sequence[Path], target: Path, base_share: float = BASE_SHARE) -> None:
    """Writes ``encoder.onnx``, ``tokenizer.json`` and ``about.json`` into ``target``; ``base_share`` is of 0 to 1.

    ``weights``: what one or more trainings left, from the same encoder as it came.
    """
    stored = [torch.load(one, weights_only=True) for one in weights]
    encoder = AutoModel.from_pretrained(base_folder(), add_pooling_layer=False, attn_implementation="eager")
    base = encoder.state_dict()
    encoder.load_state_dict(
        {
            name: torch.lerp(trained, base[name], base_share) if trained.is_floating_point() else trained
            for name, trained in mean_of([one["encoder"] for one in stored]).items()
        }
    )
    encoder.eval()
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        example = torch.ones(1, 8, dtype=torch.long)
        axes = {name: {0: "batch", 1: "tokens"} for name in ("input_ids", "attention_mask", "hidden")}
        torch.onnx.export(
            Hidden(encoder),
            (example, example),
            str(whole),
            input_names=["input_ids", "attention_mask"],
            output_names=["hidden"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, target / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True)
    shutil.copyfile(base_folder() / "tokenizer.json", target / "tokenizer.json")
    digest = hashlib.sha256((target / "encoder.onnx").read_bytes()).hexdigest()
    about = {
        "base": "sentence-transformers/all-MiniLM-L6-v2",
        "licence": "Apache-2.0",
        "sha256": digest,
        "base_share": base_share,
        "trainings": [one["about"] for one in stored],
    }
    (target / "about.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def main() -> None:
    """Reads what ``training/out`` holds."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--weights", type=Path, nargs="+", help="what trainings left (else all of training/out)")
    arguments.add_argument("--target", type=Path, default=TARGET)
    arguments.add_argument(
        "--base-share", type=float, default=BASE_SHARE, help="how much of the encoder as it came is left"
    )
    chosen = arguments.parse_args()
    weights = chosen.weights or sorted(OUT.glob("*.pt"))
    if not weights:
        raise SystemExit(f"No training has left anything in {OUT}. Run: python -m training.train_encoder")
    export(weights, chosen.target, chosen.base_share)


if __name__ == "__main__":
    main()
