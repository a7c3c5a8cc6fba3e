"""What Prometheus reads: counters that the loops turn, and gauges that are asked from the database at each scrape (SURFACE 5.4)."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from gateway import __version__
from gateway.desk.office import Office
from gateway.store import intake, outbox


class Metrics:
    """All metrics of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        r = self.registry
        Info("gateway_build", "The release that runs.", registry=r).info({"version": __version__})
        self.inbound = Counter("gateway_inbound_messages", "Mails that had their effect, or their named nothing.", registry=r)
        self.inbound_failed = Counter("gateway_inbound_failures", "Mails that failed and will be tried again.", registry=r)
        self.inbound_seconds = Histogram("gateway_inbound_batch_seconds", "Time of one batch from claim to commit.", registry=r)
        self.deliveries = Counter("gateway_smtp_deliveries", "Tries of deliveries, by how they ended.", ["state"], registry=r)
        self.smtp_seconds = Histogram("gateway_smtp_seconds", "Time of one try of a delivery.", registry=r)
        self.mailbox_success = Gauge(
            "gateway_imap_last_success_timestamp_seconds", "When a mailbox was last read.", ["mailbox"], registry=r
        )
        self.loop_errors = Counter("gateway_loop_errors", "Errors that a loop survived.", ["loop"], registry=r)

    def watch(self, office: Office, *, intake: bool = True, outbox: bool = True) -> None:
        """Ask the database too, at each scrape: for the queues that this process works off, so that no worker tells another's."""
        self.registry.register(_Counts(office, intake=intake, outbox=outbox))


class _Counts(Collector):
    def __init__(self, office: Office, *, intake: bool, outbox: bool) -> None:
        self._office, self._intake, self._outbox = office, intake, outbox

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The rows that wait, by state."""
        if self._intake:
            yield from self._arrived()
        if self._outbox:
            yield from self._queued()

    def _arrived(self) -> Iterable[GaugeMetricFamily]:
        with self._office.store.read() as connection:
            new, parked = intake.pending(connection)
        waiting = GaugeMetricFamily("gateway_intake_messages", "Rows of the ledger that are not done.", labels=["state"])
        waiting.add_metric(["new"], new)
        waiting.add_metric(["parked"], parked)
        yield waiting

    def _queued(self) -> Iterable[GaugeMetricFamily]:
        with self._office.store.read() as connection:
            states = outbox.counts(connection)
            oldest = outbox.oldest_due(connection)
        queue = GaugeMetricFamily("gateway_outbox_messages", "Deliveries that are not at their end.", labels=["state"])
        for state, count in states.items():
            queue.add_metric([state], count)
        yield queue
        age = (self._office.now() - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily("gateway_outbox_oldest_seconds", "How long the oldest waiting delivery is overdue.", value=max(age, 0.0))

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing: asking the database at registration would be too early."""
        return ()
