/**
 * P5, end to end: 1,000 resources leased for a device that has none, until its native host has them durably on disk. Real root
 * of trust, broker, lease issuer with its database, Workspace over HTTP; the native host is a process of its own. Every round
 * is another device of the same person, so nothing is held already. Beside it, in turn, the two parts of it that no design saves: making
 * the same leases, and writing and flushing the very files that were left on the disk.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolve } from '#core/access/resolve';
import { readSite } from '#core/access/site';
import { leaseBuilder } from '#core/lease/build';
import type { HostEvent } from '#protocol/host';
import { LIMITS } from '#protocol/limits';
import { parse, parseJson } from '#protocol/parse';
import type { User } from '#protocol/primitives';
import { SiteDocument } from '#protocol/site-document';
import { DeviceReply } from '#protocol/workspace-api';
import { inParallel } from '#runtime/in-parallel';
import { nodeCrypto } from '#runtime/jose/primitives';
import { batchSealer } from '#runtime/jose/seal';
import { newId, newP256, publicHalf } from '#runtime/jose/sign';
import { openEndings } from '../../cli/up/endings.ts';
import { folderNameOf } from '../../native-host/vault/names.ts';
import { type Person, signIn } from '../services/person.ts';
import { MARA, PASSWORD, SITE, type SiteInput, startWholeCloud } from '../services/whole-cloud.ts';
import { DAY, MARA as MARA_OF_WORLD, NOW, newDevice, newWorld, TENANT, WORKSPACE } from '../vectors/world.ts';
import { bindHost, newHome, startHost } from './host-process.ts';
import { type Figure, judge, median, timed } from './measure.ts';

type SyncEvent = Extract<HostEvent, { event: 'sync' }>;

/** the vault's */
const WRITERS = 32;
const LEASED_TO: User = { ...MARA_OF_WORLD, upn: MARA, groups: ['Staff'] };
const RESOURCES = 1_000;
const ROUNDS = 5;
/** as a site of that size has them: what is equal within a group is made and sent once */
const GROUPS = 20;

export async function measure(): Promise<Figure[]> {
  const endings = openEndings();
  try {
    const { origin } = await startWholeCloud(endings, { site: largeSite(), devices: ROUNDS + 1 });
    const person = await signIn(endings, { origin }, MARA, PASSWORD);
    await sync(origin, person);
    const times = { sync: [] as number[], issuing: [] as number[], writing: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      const { ms, files } = await sync(origin, person);
      times.sync.push(ms);
      times.issuing.push(await timed(issue));
      times.writing.push(await writingAlone(files));
    }
    const [issuing, writing] = [median(times.issuing), median(times.writing)];
    const parts = `issuing ${Math.round(issuing)} ms and writing ${Math.round(writing)} ms alone`;
    return [
      judge(
        'P5',
        `sync of ${RESOURCES} resources to durable on disk (peer: ${parts})`,
        median(times.sync),
        'ms',
        { ratioAtMost: 1.5 },
        issuing + writing,
      ),
    ];
  } finally {
    await endings.end();
  }
}

function largeSite(): SiteInput {
  const groupOf = (index: number) => `group-${index % GROUPS}`;
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  return {
    ...SITE,
    deliveryGroups: numbers(GROUPS).map((index) => ({ id: groupOf(index), name: `Group ${index}` })),
    sessionHosts: numbers(GROUPS).map((index) => ({
      id: `host-${index}`,
      location: 'zurich',
      deliveryGroup: groupOf(index),
    })),
    resources: numbers(RESOURCES).map((index) => ({
      id: `app-${index}`,
      name: `Application ${index}`,
      kind: 'app',
      protocol: 'ssh',
      deliveryGroups: [groupOf(index)],
      entitled: { groups: ['Staff'] },
    })),
  };
}

const world = newWorld();
const leasables = resolve(readSite(parse(SiteDocument, largeSite())), LEASED_TO, undefined).leasable;

/** The same leases, with nothing else to do: no queue, no worker, no network. */
function issue(): void {
  const { jkt, enc } = newDevice();
  const siteKeys = [publicHalf(newP256())];
  const build = leaseBuilder(
    { tenant: TENANT, workspace: WORKSPACE, user: LEASED_TO, device: { jkt, enc }, iat: NOW, leaseSeconds: 7 * DAY },
    { crypto: nodeCrypto, signer: world.issuer, newId, seal: batchSealer(), locationKeys: () => siteKeys },
  );
  if (leasables.map(build).length !== RESOURCES) throw new Error('There are leases missing.');
}

/** Contents of the files below the folder, each once: those that share a content are links. */
function filesBelow(folder: string): readonly Buffer[] {
  const byInode = new Map<number, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) byInode.set(statSync(path).ino, path);
  }
  return [...byInode.values()].map((path) => readFileSync(path));
}

/** Milliseconds to write them as files of their own, so many at once as the vault does, each flushed, then their folder. */
async function writingAlone(files: readonly Buffer[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'hf-b-'));
  try {
    return await timed(async () => {
      await inParallel([...files.entries()], WRITERS, ([index, content]) =>
        writeFile(join(folder, String(index)), content, { flush: true }),
      );
      const opened = await open(folder, 'r');
      await opened.sync();
      await opened.close();
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A new device syncs; milliseconds from its request to the word that everything is on disk, and what is there then. */
async function sync(origin: string, person: Person): Promise<{ ms: number; files: readonly Buffer[] }> {
  const { session, post } = person;
  const { subject, name } = session.user;
  const home = newHome(origin);
  try {
    const host = await startHost(home.path, origin);
    try {
      await bindHost(host, origin, person);
      const { sign, enc, claimsHardware, proof } = await host.ask('describeDevice', {
        workspace: origin,
        subject,
        nonce: session.deviceNonce,
      });
      const { text, status: answered } = await post('/api/v1/devices', { sign, enc, claimsHardware, proof });
      if (answered !== 200) throw new Error(`The device was answered ${answered}: ${text}`);
      const { token } = parseJson(DeviceReply, text, LIMITS.requestBodyBytes);
      const over = host.heard((event): event is SyncEvent => event.event === 'sync' && event.status.state !== 'running');
      const start = performance.now();
      await host.ask('sync', { workspace: origin, subject, userName: name, token });
      const { status } = await over;
      const ms = performance.now() - start;
      if (status.state !== 'succeeded' || status.done !== RESOURCES) throw new Error(`The sync ended as ${JSON.stringify(status)}.`);
      return { ms, files: filesBelow(join(home.path, folderNameOf({ workspace: origin, subject }))) };
    } finally {
      await host.close();
    }
  } finally {
    home.remove();
  }
}
