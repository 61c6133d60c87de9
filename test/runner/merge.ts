/** Several runs of node:test as one stream of events, so that the reporter ends with one summary. */
import type { TestEvent } from 'node:test/reporters';

export type RunEvent = TestEvent;

const COUNT = /^(?<name>tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) (?<number>[\d.]+)$/u;

/** Each run is started when the one before has ended. `take` sees every event. */
export async function* mergeRuns(
  runs: readonly (() => AsyncIterable<RunEvent>)[],
  take: (event: RunEvent) => void,
): AsyncGenerator<RunEvent, void> {
  const counts = new Map<string, number>();
  for (const start of runs) {
    for await (const event of start()) {
      take(event);
      const count = countOf(event);
      if (count === undefined) yield event;
      else counts.set(count.name, (counts.get(count.name) ?? 0) + count.number);
    }
  }
  for (const [name, number] of counts) yield { type: 'test:diagnostic', data: { nesting: 0, message: `${name} ${number}`, level: 'info' } };
}

/** The closing lines of a run belong to no file. */
function countOf(event: RunEvent): { name: string; number: number } | undefined {
  if (event.type !== 'test:diagnostic' || event.data.nesting !== 0 || event.data.file !== undefined) return undefined;
  const groups = COUNT.exec(event.data.message)?.groups;
  const { name, number } = groups ?? {};
  return name === undefined || number === undefined ? undefined : { name, number: Number(number) };
}
