from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from valeo.events.relay import relay_once, run_worker


class Command(BaseCommand):
    help = "Do the jobs of the outbox: those that are due now, or with --loop until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until SIGTERM or Ctrl+C")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["loop"]:
            stop = threading.Event()
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: stop.set())
            run_worker(stop)
            return
        done = 0
        while tried := relay_once():
            done += tried
        self.stdout.write(f"{done} jobs tried.")
