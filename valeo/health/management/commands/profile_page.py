"""``./dev profile URL``: where the time of one page goes."""

from __future__ import annotations

import cProfile
import io
import pstats
import statistics
import time
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

ROWS = 25


class Command(BaseCommand):
    help = "Requests a page as a user and shows its time, its queries and its costliest functions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="path of the page, such as /sales/orders/")
        parser.add_argument("--user", default="", help="e-mail or user name; default: the first user")
        parser.add_argument("--times", type=int, default=20)

    def handle(self, *args: Any, **options: Any) -> None:
        """Warm up, measure, profile, list the queries of one request."""
        client = self._client(options["user"])
        url = options["url"]
        status = client.get(url).status_code
        times = [self._timed(client, url) for _ in range(options["times"])]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(url)
        profile = cProfile.Profile()
        profile.runcall(client.get, url)

        self.stdout.write(f"{url}: status {status}, median {statistics.median(times):.1f} ms of {len(times)}")
        self.stdout.write(f"\n{len(captured)} queries")
        for query in captured.captured_queries:
            self.stdout.write(f"  {float(query['time']) * 1000:6.1f} ms  {query['sql'][:160]}")
        report = io.StringIO()
        pstats.Stats(profile, stream=report).sort_stats("cumulative").print_stats(ROWS)
        self.stdout.write(report.getvalue())

    def _client(self, name: str) -> Client:
        model = get_user_model()
        users = model.objects.order_by("pk")
        user = users.filter(**{model.USERNAME_FIELD: name}).first() if name else users.first()
        if user is None:
            raise CommandError(f"There is no user {name!r}." if name else "There is no user yet.")
        client = Client(HTTP_HOST="localhost")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def _timed(self, client: Client, url: str) -> float:
        begin = time.perf_counter()
        client.get(url)
        return (time.perf_counter() - begin) * 1000
