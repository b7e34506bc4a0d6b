"""What reviewers overturned, as proposals for trainers."""
