"""Where trainers work on the assistant: models on a shelf, trainings and comparisons, and which model runs."""
