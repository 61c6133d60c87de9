/**
 * A process that commits a lease set with the real vault and is killed on the way. Arguments: home, file with two sets, the number
 * of disk operations after which it kills itself (0: never, somebody else does), and which of the two sets.
 */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { type Disk, nodeDisk } from '#runtime/files/disk';
import { openVault } from '../../../native-host/vault/vault.ts';

const [home = '', sets = '', after = '0', which = '0'] = process.argv.slice(2);
const { owner, head, leases } = JSON.parse(readFileSync(sets, 'utf8'));
const dieAfter = Number(after);
let done = 0;

/** Half of a file is on the disk when it happens in a write. */
async function mayDie(halfWay?: () => Promise<unknown>): Promise<void> {
  done += 1;
  if (dieAfter === 0 || done < dieAfter) return;
  await halfWay?.();
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
}

const dying: Disk = {
  ...nodeDisk,
  async write(path, content) {
    await mayDie(() => writeFile(path, content.slice(0, content.length >> 1)));
    await nodeDisk.write(path, content);
  },
  async rename(from, to) {
    await mayDie();
    await nodeDisk.rename(from, to);
  },
  async link(from, to) {
    await mayDie();
    await nodeDisk.link(from, to);
  },
  async remove(path) {
    await mayDie();
    await nodeDisk.remove(path);
  },
  async makeFolder(path) {
    await mayDie();
    await nodeDisk.makeFolder(path);
  },
  async flushFolder(path) {
    await mayDie();
    await nodeDisk.flushFolder(path);
  },
};

const vault = await openVault(home, owner, dying);
process.stdout.write('ready\n');
await vault.commit(head, leases[Number(which)]);
