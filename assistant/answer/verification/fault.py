"""What is wrong with a statement."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`what` names the culprit for the log, in English; `reason` tells a user, in Chinese."""

    what: str
    reason: str
