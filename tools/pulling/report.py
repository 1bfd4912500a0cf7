"""What a sync did: source by source, endpoint by endpoint."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class EndpointReport:
    """What one endpoint brought."""

    endpoint: str
    pages: int
    records: int
    next: str
    """Where the next pull goes on."""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one source brought, and what became of it."""

    source: str
    pages: int = 0
    records: int = 0
    rows_new: int = 0
    rows_known: int = 0
    rows_rejected: int = 0
    seconds: float = 0.0
    endpoints: tuple[EndpointReport, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did."""

    sources: tuple[SourceReport, ...]
    seconds: float

    @property
    def errors(self) -> tuple[str, ...]:
        """Return what went wrong, source by source."""
        return tuple(error for source in self.sources for error in source.errors)


@dataclass(frozen=True, slots=True)
class Pulled:
    """A page has landed."""

    source: str
    endpoint: str
    pages: int
    records: int


def both(one: SourceReport, other: SourceReport) -> SourceReport:
    """Put two passes' reports together."""
    endpoints = {endpoint.endpoint: endpoint for endpoint in one.endpoints}
    for endpoint in other.endpoints:
        if (before := endpoints.get(endpoint.endpoint)) is not None:
            endpoint = replace(  # noqa: PLW2901 - the sum of both
                endpoint,
                pages=before.pages + endpoint.pages,
                records=before.records + endpoint.records,
            )
        endpoints[endpoint.endpoint] = endpoint
    return SourceReport(
        one.source,
        pages=sum(endpoint.pages for endpoint in endpoints.values()),
        records=sum(endpoint.records for endpoint in endpoints.values()),
        rows_new=one.rows_new + other.rows_new,
        rows_known=one.rows_known + other.rows_known,
        rows_rejected=one.rows_rejected + other.rows_rejected,
        endpoints=tuple(endpoints.values()),
        errors=one.errors + other.errors,
    )
