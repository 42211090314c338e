"""Issuing and handing out papers."""
