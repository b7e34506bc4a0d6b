"""The desk: takes stored messages, asks the assistant, guards the wording, delivers, and sees that all is logged."""
