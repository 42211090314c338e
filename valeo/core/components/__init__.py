"""The interface kit: every screen is built from these tags. Contract: docs/components.md."""
