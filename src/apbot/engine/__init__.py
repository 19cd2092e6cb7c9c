"""What is due and what waits: the tick, the trays, the sender."""
