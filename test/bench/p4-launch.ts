/**
 * P4: from the click (the extension's request to the native host) to the session host's first byte, on the whole running system:
 * `holdfast up` and the built native host with real keys, leases and tickets. Lease and ticket take turns, and turns in going first; the
 * ticket's way begins with asking the Workspace for it, as the portal does. Then the lease with both connectors of its first location
 * frozen: right after they froze, and once more. The viewer is a shell script, so that what is measured is ours.
 *
 * An authenticated channel is one on which both have proved who they are: the server by its hello, the device by what the server
 * grants. Its figures are from the click: in a host that is warm, beside the bare handshake (`bare-channel.ts`) of the same rounds; and in
 * one that is started for it, beside the host's own start to its first reply (P8). Then its parts, connect to judged hello and connect to
 * grant, warm in this process at one connector. At last what a session's process holds in memory while its session runs.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LAUNCH_SETTINGS } from '#core/machines/launch-states';
import { expectedAt } from '#core/placement/candidates';
import type { HostEvent, LaunchEvent } from '#protocol/host';
import { LaunchFile } from '#protocol/lease';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { DeviceReply } from '#protocol/workspace-api';
import { openChannel } from '#runtime/channel/client';
import { openEndings } from '../../cli/up/endings.ts';
import { openHost } from '../../native-host/host.ts';
import { leaseSearch } from '../../native-host/launch/by-lease.ts';
import { LAUNCHES_OF_ONE } from '../../services/connector/launch.ts';
import { type System, startSystem } from '../e2e/system.ts';
import { type Person, signIn } from '../services/person.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { type BareServer, startBareServer } from './bare-channel.ts';
import { bindHost, greetHost, type HostProcess, newHome, startHost } from './host-process.ts';
import { type Figure, judge, median } from './measure.ts';
import { familyOf, isSessionProcess, residentMib } from './memory.ts';

const PAIRS = 12;
const OUTAGES = 7;
const COLD_STARTS = 12;
const EXCHANGES = 24;
/** A connector refuses a person who launches faster than this for long. */
const BETWEEN_LAUNCHES_MS = 1_000 / LAUNCHES_OF_ONE.perSecond;
const RESOURCE = { feed: 'apps', id: 'terminal' };
const FIRST = { location: 'zurich', connectors: ['zurich-connector-1', 'zurich-connector-2'] };

/** Runs as the terminal with ssh's arguments: connects to the door, says at the first byte what ssh says when it is in, reads until the end. */
const VIEWER = `#!/bin/bash
while [ "$1" != -p ]; do shift; done
exec 3<>"/dev/tcp/127.0.0.1/$2"
IFS= read -r -n 1 -u 3
echo 'Authenticated to '
exec cat <&3 >/dev/null
`;

type SyncEvent = Extract<HostEvent, { event: 'sync' }>;

interface Device {
  readonly workspace: string;
  readonly subject: string;
  readonly home: string;
  readonly person: Person;
}

export async function measure(): Promise<Figure[]> {
  const endings = openEndings();
  try {
    const system = await startSystem();
    endings.after(() => system.end());
    const alice = system.report.users.find(({ name }) => name === 'alice');
    if (alice === undefined) throw new Error('there is no alice');
    const workspace = system.report.workspaceUrl;
    const person = await signIn(endings, { origin: workspace }, alice.upn, alice.password);
    const viewer = join(await temporaryFolder(endings), 'viewer');
    writeFileSync(viewer, VIEWER, { mode: 0o700 });
    const home = newHome(workspace, { terminal: viewer });
    endings.after(() => home.remove());
    const device = { workspace, subject: person.session.user.subject, home: home.path, person };
    const jkt = await withHost(device, (host) => sync(host, device));
    const bare = await startBareServer();
    endings.after(() => bare.end());
    const normal = await withHost(device, (host) => pairs(host, device, jkt, bare));
    const cold = await coldStarts(device);
    const frozen = await frozenLocation(device, system);
    const exchanges = await warmExchanges(device);
    const usual = median(normal.lease.map(({ firstByte }) => firstByte));
    const byTicket = median(normal.ticket.map(({ firstByte }) => firstByte));
    const floor = median(normal.floor);
    const what = 'click to the session host’s first byte, by lease (peer: by ticket, its fetch included)';
    return [
      judge('P4', what, usual, 'ms', { ratioAtMost: 1.1 }, byTicket),
      judge('P4', 'what a frozen first location adds to it, right after it froze', median(frozen.first) - usual, 'ms', { atMost: 300 }),
      judge('P4', 'what it adds to the next one', median(frozen.next) - usual, 'ms', { atMost: 300 }),
      channel('click to authenticated channel, host warm (peer: a bare handshake, one signature each way)', normal.lease, floor),
      judge(
        'P4',
        'click to authenticated channel, host started for it (peer: the host’s start to its first reply)',
        median(cold.map(({ grant }) => grant)),
        'ms',
        { ratioAtMost: 1.5 },
        median(cold.map(({ greeted }) => greeted)),
      ),
      channel('of it, warm: connect to grant by lease at a connector', exchanges, floor),
      channel(
        'of it, warm: connect to judged hello at a connector',
        exchanges.map(({ hello: grant }) => ({ grant })),
        floor,
      ),
      judge('P8', 'session’s process while its session runs, resident memory', median(normal.memory), 'MiB', { atMost: 60 }),
    ];
  } finally {
    await endings.end();
  }
}

function channel(what: string, times: readonly { readonly grant: number }[], floor: number): Figure {
  return judge('P4', what, median(times.map(({ grant }) => grant)), 'ms', { ratioAtMost: 3 }, floor);
}

async function withHost<T>({ home, workspace }: Device, work: (host: HostProcess) => Promise<T>): Promise<T> {
  const host = await startHost(home, workspace);
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

/** Saves leases on the device; its thumbprint, for tickets. */
async function sync(host: HostProcess, { workspace, subject, person }: Device): Promise<string> {
  const { session, post } = person;
  await bindHost(host, workspace, person);
  const { jkt, sign, enc, claimsHardware, proof } = await host.ask('describeDevice', { workspace, subject, nonce: session.deviceNonce });
  const { text, status: answered } = await post('/api/v1/devices', { sign, enc, claimsHardware, proof });
  if (answered !== 200) throw new Error(`The device was answered ${answered}: ${text}`);
  const { token } = parseJson(DeviceReply, text, LIMITS.requestBodyBytes);
  const over = host.heard((event): event is SyncEvent => event.event === 'sync' && event.status.state !== 'running');
  await host.ask('sync', { workspace, subject, userName: session.user.name, token });
  const { status } = await over;
  if (status.state !== 'succeeded') throw new Error(`The sync ended as ${JSON.stringify(status)}.`);
  return jkt;
}

/** Milliseconds from the click. */
interface Opened {
  /** the way in has granted: the channel is authenticated on both sides */
  readonly grant: number;
  readonly firstByte: number;
  readonly location: string;
  /** resident, of the session's process once the session runs; MiB */
  readonly memory: number;
}

interface Pairs {
  readonly lease: readonly Opened[];
  readonly ticket: readonly Opened[];
  /** bare handshakes, ms */
  readonly floor: readonly number[];
  /** of the sessions' processes, MiB */
  readonly memory: readonly number[];
}

async function pairs(host: HostProcess, device: Device, jkt: string, bare: BareServer): Promise<Pairs> {
  const times = { lease: [] as Opened[], ticket: [] as Opened[], floor: [] as number[], memory: [] as number[] };
  const fetchTicket = async () => {
    const { text } = await device.person.post('/api/v1/launches', { resource: RESOURCE, jkt });
    return parseJson(LaunchFile, text, LIMITS.requestBodyBytes);
  };
  const ways = { lease: () => open(host, device, 'lease'), ticket: () => open(host, device, 'ticket', fetchTicket) };
  // The first of each loads code and opens connections: it does not count.
  for (let round = -1; round < PAIRS; round++) {
    for (const way of round % 2 === 0 ? (['lease', 'ticket'] as const) : (['ticket', 'lease'] as const)) {
      await pause(BETWEEN_LAUNCHES_MS);
      const floor = await bare.exchange();
      const opened = await ways[way]();
      if (round < 0) continue;
      times.floor.push(floor);
      times[way].push(opened);
      times.memory.push(opened.memory);
    }
  }
  return times;
}

/** From the start of the host's process: to its first reply, and to the grant. */
async function coldStarts(device: Device): Promise<{ greeted: number; grant: number }[]> {
  const times: { greeted: number; grant: number }[] = [];
  for (let round = -1; round < COLD_STARTS; round++) {
    await pause(BETWEEN_LAUNCHES_MS);
    const start = performance.now();
    const host = await greetHost(device.home);
    const greeted = performance.now() - start;
    const { grant } = await open(host, device, 'lease');
    await host.close();
    if (round >= 0) times.push({ greeted, grant: greeted + grant });
  }
  return times;
}

/** A host process each time: one lets a person click thirty times a minute. */
async function frozenLocation(device: Device, system: System): Promise<{ first: number[]; next: number[] }> {
  const times = { first: [] as number[], next: [] as number[] };
  for (let round = 0; round < OUTAGES; round++) {
    await pause(3 * BETWEEN_LAUNCHES_MS);
    await withHost(device, async (host) => {
      // Until the first location serves: what is measured then is what its freezing changes.
      for (let served = ''; served !== FIRST.location; ) served = (await open(host, device, 'lease')).location;
      for (const connector of FIRST.connectors) await system.outage(connector, 'hang');
      times.first.push((await open(host, device, 'lease')).firstByte);
      times.next.push((await open(host, device, 'lease')).firstByte);
      for (const connector of FIRST.connectors) await system.outage(connector, 'restore');
    });
  }
  return times;
}

/** One launch, and its session ended again. */
async function open(
  host: HostProcess,
  { workspace, subject }: Device,
  mode: 'lease' | 'ticket',
  fetchTicket?: () => Promise<LaunchFile>,
): Promise<Opened> {
  const correlationId = randomBytes(8).toString('hex');
  const mine = (event: HostEvent): event is LaunchEvent => event.event === 'launch' && event.correlationId === correlationId;
  const start = performance.now();
  const phase = async (...phases: readonly LaunchEvent['phase'][]) => {
    const event = await host.heard((said): said is LaunchEvent => mine(said) && phases.includes(said.phase));
    return { event, ms: performance.now() - start };
  };
  const [granted, came] = [phase('opening', 'ended'), phase('running', 'ended')];
  const launchFile = await fetchTicket?.();
  await host.ask('launch', { workspace, subject, resource: RESOURCE, correlationId, launchFile });
  const grant = (await granted).ms;
  const { event, ms: firstByte } = await came;
  if (event.session?.mode !== mode) throw new Error(`A launch by ${mode} came to ${JSON.stringify(event)}.`);
  const memory = Math.max(...familyOf(host.pid).filter(isSessionProcess).map(residentMib));
  const ended = phase('ended');
  await host.ask('cancel', { workspace, subject, correlationId });
  await ended;
  return { grant, firstByte, location: event.session.location, memory };
}

async function warmExchanges({ home, workspace, subject }: Device): Promise<{ hello: number; grant: number }[]> {
  const ending = new AbortController();
  const config = {
    v: 1 as const,
    workspaces: [{ url: workspace, name: 'Bench', trustFirstRoot: true as const }],
    extensions: [],
    viewers: {},
  };
  const host = await openHost({ home, config }, () => {}, ending.signal);
  const owner = { workspace, subject };
  try {
    const search = leaseSearch(
      { ...host, emit: () => {}, settings: LAUNCH_SETTINGS },
      { owner, resource: RESOURCE, correlationId: randomBytes(8).toString('hex') },
    );
    await search.find();
    await search.check();
    const credential = search.credential();
    const [candidate] = credential?.candidates ?? [];
    const known = await host.trustFor(owner, false);
    if (credential === undefined || candidate === undefined || known === undefined) throw new Error('there is no lease to show');
    const presentTo = credential.present(await (await host.vaultOf(owner)).key());
    const exchange = async () => {
      await pause(BETWEEN_LAUNCHES_MS);
      const start = performance.now();
      const channel = await openChannel({
        address: candidate.address,
        signal: ending.signal,
        deadlineMs: 5_000,
        trust: known.trust,
        expected: expectedAt(candidate),
      });
      const hello = performance.now() - start;
      const answer = await channel.present(presentTo(channel, candidate), 5_000);
      if (answer.type !== 'grant') throw new Error(`The connector answered ${JSON.stringify(answer)}.`);
      return { hello, grant: performance.now() - start };
    };
    const times: { hello: number; grant: number }[] = [];
    for (let round = -4; round < EXCHANGES; round++) {
      const time = await exchange();
      if (round >= 0) times.push(time);
    }
    return times;
  } finally {
    ending.abort();
  }
}
