"""What is measured, in which unit, and what it is held to."""

from signpost.bench.figures import Goal, Measure

THROUGHPUT, LATENCY, COLD_START, MEMORY = "throughput", "latency", "cold-start", "memory"
LONG, LARGE, TRAINING, SIZE, FLOORS = "long-conversation", "large-record", "training", "size", "floors"
SENDERS = (1, 16, 64)
SMALL, LESS_SMALL = Goal(1 / 3), Goal(1 / 6)
SAME = Goal(1.1)

GROUPS: dict[str, tuple[Measure, ...]] = {
    THROUGHPUT: (
        Measure("throughput_1", "Messages a second, 1 sender", "/s"),
        Measure("throughput_16", "Messages a second, 16 senders", "/s", Goal(8.0, at_least=True)),
        Measure("throughput_64", "Messages a second, 64 senders", "/s"),
        Measure("cpu_16", "Processor's time a message, 16 senders", "ms"),
    ),
    LATENCY: (
        Measure("p50_1", "Webhook to delivered, half, 1 sender", "ms"),
        Measure("p99_1", "Webhook to delivered, 99 %, 1 sender", "ms", SMALL),
        Measure("p50_16", "Webhook to delivered, half, 16 senders", "ms"),
        Measure("p99_16", "Webhook to delivered, 99 %, 16 senders", "ms", LESS_SMALL),
        Measure("p50_64", "Webhook to delivered, half, 64 senders", "ms"),
        Measure("p99_64", "Webhook to delivered, 99 %, 64 senders", "ms"),
    ),
    COLD_START: (Measure("cold_start", "Start to first right reply", "s", Goal(1 / 4)),),
    MEMORY: (
        Measure("memory_idle", "Memory of all processes, idle (PSS)", "MB", Goal(1 / 2)),
        Measure("memory_idle_rss", "Memory of all processes, idle (RSS)", "MB"),
        Measure("memory_loaded", "Memory of all processes, loaded (PSS)", "MB"),
        Measure("memory_loaded_rss", "Memory of all processes, loaded (RSS)", "MB"),
    ),
    LONG: (
        Measure("turn_first", "A turn at a conversation's start", "ms"),
        Measure("turn_last", "A turn at its end (turn 200)", "ms"),
        Measure("turn_growth", "Its end to its start", "x", SAME, own_only=True),
    ),
    LARGE: (
        Measure("large_p50", "Webhook to delivered, half, large record", "ms"),
        Measure("large_growth", "Large record to empty, half, 1 sender", "x", SAME, own_only=True),
        Measure("large_throughput_16", "Messages a second, 16 senders, large record", "/s"),
        Measure("large_cpu", "Processor's time a message, large record", "ms"),
    ),
    TRAINING: (
        Measure("training", "Training, from nothing", "s", Goal(1 / 5)),
        Measure("training_again", "Training again, vectors kept", "s"),
    ),
    SIZE: (
        Measure("size", "Installed, with its model", "MB", Goal(1 / 3)),
        Measure("size_model", "Of this the trained model", "MB"),
    ),
    FLOORS: (
        Measure("floor_echo", "Bare web server, one echo", "ms"),
        Measure("floor_echo_rate", "Bare web server, 16 senders", "/s"),
        Measure("floor_encoder", "Encoder alone, one text", "ms"),
        Measure("floor_commit", "SQLite, one commit (FULL)", "ms"),
        Measure("floor_turn", "Whole turn to encoder alone", "x", Goal(3.0), own_only=True),
    ),
}
"""By the name under which ``--only`` takes them."""
VISITED = (THROUGHPUT, LATENCY, COLD_START, MEMORY, LONG)
"""Those that are taken while a product runs on a record of its own."""
