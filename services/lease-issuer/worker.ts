/** A worker thread: signs and seals one order at a time, a part on each request, so nothing piles up. */
import { parentPort } from 'node:worker_threads';
import { leaseBuilder } from '#core/lease/build';
import { digestWith, type SetLine } from '#core/lease/lease-set';
import { LIMITS } from '#protocol/limits';
import type { LeaseSyncLine } from '#protocol/workspace-api';
import { nodeCrypto } from '#runtime/jose/primitives';
import { batchSealer } from '#runtime/jose/seal';
import { componentSigner, newId } from '#runtime/jose/sign';
import type { BuildOrder, FromWorker, ToWorker } from './worker-messages.ts';

const LEASES_A_PART = 16;

let parts: Generator<FromWorker> | undefined;

parentPort?.on('message', (message: ToWorker) => {
  if (message.say === 'order') parts = build(message.order);
  const next = parts?.next();
  if (next?.done === false) parentPort?.postMessage(next.value);
});

/** Lines for every lease, and before it the files that no earlier lease had. */
function* build({ target, leasable, issuerKey, locationKeys, digest: before }: BuildOrder): Generator<FromWorker> {
  const signer = componentSigner(issuerKey);
  const make = leaseBuilder(target, {
    crypto: nodeCrypto,
    signer,
    seal: batchSealer(),
    newId,
    locationKeys: (id) => locationKeys[id] ?? [],
  });
  const sent = new Set<string>();
  let digest = before;
  for (let from = 0; from < leasable.length || from === 0; from += LEASES_A_PART) {
    let lines = '';
    let leases = 0;
    const add = (line: LeaseSyncLine) => {
      lines += `${JSON.stringify(line)}\n`;
    };
    const addToSet = (line: SetLine) => {
      digest = digestWith(nodeCrypto, digest, line);
      add(line);
    };
    for (const one of leasable.slice(from, from + LEASES_A_PART)) {
      const { lease, resource, files, digests } = make(one);
      // Refused here with the reason; the exchange could only refuse every launch.
      if (Object.values(files).some((file) => file.length > LIMITS.tokenBytes)) {
        addToSet({ type: 'unleased', resource, reason: 'too-large' });
        continue;
      }
      leases++;
      for (const kind of ['common', 'location'] as const) {
        if (sent.has(digests[kind])) continue;
        sent.add(digests[kind]);
        add({ type: 'file', digest: digests[kind], content: files[kind] });
      }
      addToSet({ type: 'lease', lease, resource, metadata: files.metadata, common: digests.common, location: digests.location });
    }
    const done = Math.min(from + LEASES_A_PART, leasable.length);
    yield { lines, leases, digest, done, last: done >= leasable.length };
  }
}
