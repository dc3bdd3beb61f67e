import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Figures of the event loop that need it to be sampled. */
const SAMPLED = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'];
const NEVER_MS = 2 ** 31 - 1;

/** What Prometheus scrapes. Labels are routes as templates, methods and outcomes; never a user, domain or address. */
export class Metrics {
  readonly registry = new Registry();
  readonly requests = new Histogram({
    name: 'sparekey_http_request_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  });
  readonly answers = new Counter({
    name: 'sparekey_answers_total',
    help: 'Answers to challenges by method and outcome',
    labelNames: ['method', 'outcome'],
    registers: [this.registry],
  });

  readonly notices = new Counter({
    name: 'sparekey_notices_total',
    help: 'Notices that came to an end, by channel and outcome',
    labelNames: ['channel', 'outcome'],
    registers: [this.registry],
  });

  constructor() {
    this.#addProcess();
  }

  /** Figures of the process. Sampling the event loop would wake it a hundred times a second; how busy it was, Node counts anyway. */
  #addProcess(): void {
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: NEVER_MS });
    for (const name of SAMPLED) this.registry.removeSingleMetric(`nodejs_eventloop_lag_${name}_seconds`);
    new Counter({
      name: 'nodejs_eventloop_active_seconds_total',
      help: 'Time in which the event loop was busy',
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(performance.eventLoopUtilization().active / 1_000);
      },
    });
  }

  /** A figure that is asked for when metrics are read. */
  follow(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
