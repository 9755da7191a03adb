"""Users who ask one question after the other without a pause; run by `eval.load.run`.

Run by hand it serves too: locust -f eval/load/locustfile.py --host http://127.0.0.1:7860
"""

import itertools
import json
import logging

from locust import FastHttpUser, events, task
from locust.env import Environment

from eval.questions import FOLDER, load_suite

_QUESTIONS = itertools.cycle(
    [gold.question for gold in load_suite(FOLDER / "ouhai_dev_more.jsonl")]
)


class Asker(FastHttpUser):
    """Somebody who asks over the API, each time the next question of the set."""

    @task
    def ask(self) -> None:
        """Ask, and want a finished answer; a refusal is one."""
        sent = {"question": next(_QUESTIONS)}
        with self.client.post("/api/ask", json=sent, catch_response=True) as response:
            document = response.json() if response.status_code == 200 else {}
            if document.get("status") not in ("answered", "refused", "clarify"):
                response.failure(f"status {response.status_code}")


def tell(environment: Environment, **_: object) -> None:
    """Say the figures as one line of JSON, the last on stderr."""
    total = environment.stats.total
    figures = {
        "requests": total.num_requests,
        "failures": total.num_failures,
        "p50_ms": total.get_response_time_percentile(0.5),
        "p95_ms": total.get_response_time_percentile(0.95),
        "max_ms": total.max_response_time,
        "requests_per_second": round(total.total_rps, 1),
    }
    logging.getLogger("eval.load").warning(json.dumps(figures))


events.quitting.add_listener(tell)  # type: ignore[no-untyped-call]
