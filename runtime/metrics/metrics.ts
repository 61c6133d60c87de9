/** What a process counts and measures, in the text format that collectors scrape. Every name starts with `holdfast_`. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

type Name = `holdfast_${string}`;
type Labels = Readonly<Record<string, string | number>>;

export interface Metrics {
  /** Only ever grows. */
  counter(name: Name, help: string, labels?: readonly string[]): { add(labels?: Labels, by?: number): void };
  /** Read anew at every scrape by `read`. */
  gauge(name: Name, help: string, read: () => number): void;
  /** Seconds in buckets from 1 ms to 10 s. */
  duration(name: Name, help: string, labels?: readonly string[]): { observe(seconds: number, labels?: Labels): void };
  text(): Promise<{ contentType: string; body: string }>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A registry of the process's own, with its memory, processor time and age. */
export function openMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const metrics: Metrics = {
    counter(name, help, labelNames = []) {
      const counter = new Counter({ name, help, labelNames: [...labelNames], registers });
      return { add: (labels = {}, by = 1) => counter.inc({ ...labels }, by) };
    },
    gauge(name, help, read) {
      const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) });
    },
    duration(name, help, labelNames = []) {
      const histogram = new Histogram({ name, help, labelNames: [...labelNames], buckets: SECONDS, registers });
      return { observe: (seconds, labels = {}) => histogram.observe({ ...labels }, seconds) };
    },
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
  metrics.gauge('holdfast_process_resident_bytes', 'Resident memory of the process.', () => process.memoryUsage.rss());
  metrics.gauge('holdfast_process_cpu_seconds', 'Processor time used since the start.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000_000;
  });
  metrics.gauge('holdfast_process_uptime_seconds', 'Seconds since the start.', () => process.uptime());
  return metrics;
}
