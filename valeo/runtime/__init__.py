"""How VALEO runs: the embedded PostgreSQL, the process roles and the supervisor behind ``./dev serve``."""
