#!/usr/bin/env python
"""Django's commands; ``./dev manage`` also brings the embedded database up for them."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "valeo.settings")
    execute_from_command_line(sys.argv)
