"""Rate counters that all processes share, for installations without Redis."""
