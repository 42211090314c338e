"""What an orchestrator asks: is the process alive, can it serve."""
