"""The demo company: an agricultural trader to look at and to play with, made through the services."""
