"""X: what its webhooks tell, how a reply is put to it, and what its answers mean."""

from signpost.channels.x_crc import crc_response
from signpost.channels.x_outcome import outcome
from signpost.channels.x_reading import read
from signpost.channels.x_sending import request

__all__ = ["crc_response", "outcome", "read", "request"]
