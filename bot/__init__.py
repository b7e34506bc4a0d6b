"""What runs inside Rasa: Signpost's channel and its way of understanding a message. Knows no database."""
