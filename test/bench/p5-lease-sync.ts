/**
 * P5, end to end: 1,000 resources leased for a device that has none, until its native host has them durably on disk. Real root
 * of trust, broker, lease issuer with its database, Workspace over HTTP; the native host is a process of its own. Every round
 * is another device of the same person, so nothing is held already.
 */
import type { HostEvent } from '#protocol/host';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { DeviceReply } from '#protocol/workspace-api';
import { openEndings } from '../../cli/up/endings.ts';
import { type Person, signIn } from '../services/person.ts';
import { MARA, PASSWORD, SITE, type SiteInput, startWholeCloud } from '../services/whole-cloud.ts';
import { bindHost, newHome, startHost } from './host-process.ts';
import { type Figure, judge, median } from './measure.ts';

type SyncEvent = Extract<HostEvent, { event: 'sync' }>;

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
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await sync(origin, person));
    return [judge('P5', `sync of ${RESOURCES} resources to durable on disk, end to end`, median(times), 'ms', { atMost: 1_000 })];
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

/** A new device syncs; milliseconds from its request to the word that everything is on disk. */
async function sync(origin: string, person: Person): Promise<number> {
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
      return ms;
    } finally {
      await host.close();
    }
  } finally {
    home.remove();
  }
}
