/** How long tests wait for what should come at once. Written for a quiet machine; this is the one place that knows how this one does. */
import { createHash } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';

/** Milliseconds that `work` takes on the quiet machine for which the deadlines in the tests are written: 2 cores, 2.4 ms for 4 MiB. */
const QUIET_MS = 10;
const BLOCK = Buffer.alloc(1 << 20);
const BLOCKS = 16;
/** A wait that comes to nothing should still end before the run's own deadline. */
const MOST = 6;

/** `ms` on a quiet machine, as many milliseconds as are fair on this one now. */
export function patience(ms: number): number {
  return Math.ceil(ms * slowness(work(), (loadavg()[0] ?? 0) / availableParallelism()));
}

/** How many times slower than the quiet machine: by what a piece of work took, and by how many processes wait for each core. */
export function slowness(workMs: number, waiting: number): number {
  return Math.min(MOST, Math.max(1, workMs / QUIET_MS, waiting));
}

function work(): number {
  const before = performance.now();
  const hash = createHash('sha256');
  for (let block = 0; block < BLOCKS; block++) hash.update(BLOCK);
  hash.digest();
  return performance.now() - before;
}
