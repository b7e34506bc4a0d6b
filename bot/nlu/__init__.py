"""Understanding one message: encoder, classifier, decision, context."""
