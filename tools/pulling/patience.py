"""How long a vendor may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a vendor may take."""

    attempts: int = 6
    backoff_seconds: float = 1.0
    """Waits double from here; a `Retry-After` of the vendor's goes before."""
    longest_wait_seconds: float = 600.0
    timeout_seconds: float = 120.0
    job_wait_seconds: float = 2.0
    job_attempts: int = 300
