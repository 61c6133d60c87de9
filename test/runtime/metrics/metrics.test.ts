import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMetrics } from '#runtime/metrics/metrics';

/** The value of a line of what is scraped. */
async function scraped(metrics: ReturnType<typeof openMetrics>, name: string): Promise<number | undefined> {
  const line = (await metrics.text()).body.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
}

test('what is counted grows, and what is measured is read at each scrape', async () => {
  const metrics = openMetrics();
  const counted = metrics.counter('holdfast_test_total', 'Counted.', ['kind']);
  counted.add({ kind: 'a' });
  counted.add({ kind: 'a' }, 2);
  counted.add({ kind: 'b' });
  assert.deepEqual(
    [await scraped(metrics, 'holdfast_test_total{kind="a"}'), await scraped(metrics, 'holdfast_test_total{kind="b"}')],
    [3, 1],
  );
  let measured = 5;
  metrics.gauge('holdfast_test_now', 'Measured.', () => measured);
  assert.equal(await scraped(metrics, 'holdfast_test_now'), 5);
  measured = 7;
  assert.equal(await scraped(metrics, 'holdfast_test_now'), 7);
});

test('what took so long falls into its bucket, with the sum of all', async () => {
  const metrics = openMetrics();
  const took = metrics.duration('holdfast_test_seconds', 'Took.', ['route']);
  for (const seconds of [0.001, 0.2, 10, 11]) took.observe(seconds, { route: '/it' });
  const upTo = (le: string) => scraped(metrics, `holdfast_test_seconds_bucket{le="${le}",route="/it"}`);
  assert.deepEqual([await upTo('0.001'), await upTo('0.1'), await upTo('0.25'), await upTo('10'), await upTo('+Inf')], [1, 1, 2, 3, 4]);
  assert.equal(await scraped(metrics, 'holdfast_test_seconds_sum{route="/it"}'), 21.201);
});

test('a process tells its memory, its processor time and its age', async () => {
  const metrics = openMetrics();
  const bytes = (await scraped(metrics, 'holdfast_process_resident_bytes')) ?? 0;
  assert.ok(bytes > 2 ** 20 && bytes < 2 ** 40, `${bytes}`);
  for (const [name, seconds] of [
    ['holdfast_process_uptime_seconds', process.uptime()],
    ['holdfast_process_cpu_seconds', process.cpuUsage().user / 1_000_000 + process.cpuUsage().system / 1_000_000],
  ] as const) {
    const told = (await scraped(metrics, name)) ?? 0;
    assert.ok(told >= seconds && told < seconds + 60, `${name} ${told}`);
  }
});
