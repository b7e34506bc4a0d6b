"""Writes the trained encoder as int8 ONNX: ``python -m training.export_encoder``."""

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel

from training.corpus import PROJECT
from training.network import base_folder

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


def export(weights: Path, target: Path, base_share: float = BASE_SHARE) -> None:
    """Writes ``encoder.onnx``, ``tokenizer.json`` and ``about.json`` into ``target``; ``base_share`` is of 0 to 1."""
    stored = torch.load(weights, weights_only=True)
    encoder = AutoModel.from_pretrained(base_folder(), add_pooling_layer=False, attn_implementation="eager")
    base = encoder.state_dict()
    encoder.load_state_dict(
        {
            name: torch.lerp(trained, base[name], base_share) if trained.is_floating_point() else trained
            for name, trained in stored["encoder"].items()
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
        **stored["about"],
    }
    (target / "about.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def main() -> None:
    """Reads ``training/out/encoder.pt``."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--weights", type=Path, default=Path("training/out/encoder.pt"))
    arguments.add_argument("--target", type=Path, default=TARGET)
    arguments.add_argument(
        "--base-share", type=float, default=BASE_SHARE, help="how much of the encoder as it came is left"
    )
    chosen = arguments.parse_args()
    export(chosen.weights, chosen.target, chosen.base_share)


if __name__ == "__main__":
    main()
