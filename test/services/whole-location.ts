/** A whole location on this machine: gateways, connectors, session hosts, a session server that echoes, and devices. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { candidatesFor } from '#core/placement/candidates';
import { hear, type Trust } from '#core/trust/trust';
import { type AttachedFrame, type Granted, rendezvousName } from '#protocol/channel';
import { TYP } from '#protocol/jose';
import type { LaunchFile, LeaseLocation, Locator, Proof, Ticket } from '#protocol/lease';
import type { Address } from '#protocol/primitives';
import type { SessionServer } from '#protocol/session-server';
import { AccessRules, type SiteDocument } from '#protocol/site-document';
import type { Revocation, Role } from '#protocol/trust';
import { type Channel, type OpenChannelOptions, openChannel, type PresentBody } from '#runtime/channel/client';
import type { ControlTimes } from '#runtime/channel/control';
import type { RateLimits } from '#runtime/channel/rate-limit';
import type { Component } from '#runtime/component/component';
import { nodeCrypto, sha256 } from '#runtime/jose/primitives';
import { componentSigner, newEd25519 } from '#runtime/jose/sign';
import type { Log } from '#runtime/log/log';
import { openMetrics } from '#runtime/metrics/metrics';
import type { RunningService } from '#runtime/service/run';
import { writeSiteCopy } from '#runtime/site/copy';
import { newTlsIdentity, spkiDigest } from '#runtime/tls/certificate';
import { serveConnector } from '../../services/connector/connector.ts';
import { serveGateway } from '../../services/gateway/gateway.ts';
import { serveSessionHost } from '../../services/session-host/session-host.ts';
import { testLog } from '../log.ts';
import { MARA, NOW, newDevice, newWorld, stateThat, TENANT, ticketClaims, type World } from '../vectors/world.ts';
import { untilWell } from './until-well.ts';

export type TestComponent = Component & { readonly tell: (entries: Revocation[], version: number) => void };
export type Device = ReturnType<typeof newDevice>;
export const HERE = '127.0.0.1';
/** fast enough that a test sees a lost ping, slow enough that a busy machine does not */
const TIMES: ControlTimes = { pingEveryMs: 200, pingDeadlineMs: 1_500, giveUpMs: 10_000 };

export interface FieldOptions {
  /** the trust that it lives under; a new one by default */
  readonly world?: World;
  /** of its site's resources */
  readonly feed?: string;
  readonly place?: keyof typeof NAMES;
  readonly connectors?: number;
  readonly server?: Partial<SessionServer>;
  /** base URL of the cloud's broker; by default nothing answers there */
  readonly broker?: string;
  readonly serve?: (socket: Socket) => void;
  /** sessions that its one session host takes; undefined in it: there is no session host */
  readonly room?: { readonly sessions: number | undefined };
  /** of the gateway */
  readonly rateLimits?: RateLimits;
  /** by which the shares of people and devices fill */
  readonly nowMs?: () => number;
  readonly log?: Log;
  /** what its site document says otherwise */
  readonly change?: (site: SiteDocument) => SiteDocument;
}

const NAMES = { zurich: 'Zurich', bern: 'Bern' } as const;

export async function openField({
  world = newWorld(),
  feed = 'apps',
  place = 'zurich',
  connectors = 1,
  server = {},
  broker,
  rateLimits,
  nowMs = () => performance.now(),
  log = testLog('location'),
  change = (site) => site,
  serve = (socket) => void socket.pipe(socket),
  room = { sessions: 100 },
}: FieldOptions = {}) {
  const clock = { seconds: NOW };
  const now = () => clock.seconds;
  const ending = new AbortController();
  const { signal } = ending;
  const folders: string[] = [];
  const running: RunningService[] = [];
  const dataDir = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-field-'));
    folders.push(folder);
    return folder;
  };
  const base = () => ({ signal, now, nowMs, log, metrics: openMetrics(), times: TIMES });

  const component = async (role: Role, id: string, location?: string): Promise<TestComponent> => {
    const tls = await newTlsIdentity(id);
    const signer = componentSigner(newEd25519());
    const statement = stateThat(world.trustRole, { role, id, location, sign: signer.publicKey, tls: spkiDigest(tls.cert) });
    const listeners: ((trust: Trust) => void)[] = [];
    let trust = world.trustWith();
    const take: Component['hear'] = (news) => {
      const after = hear(nodeCrypto, trust, news, NOW);
      if (after === trust) return;
      trust = after;
      for (const listener of listeners) listener(trust);
    };
    return {
      id,
      role,
      ...(location !== undefined && { location }),
      statement: () => statement,
      signer,
      tls,
      trust: () => trust,
      hear: take,
      onTrust: (listener) => void listeners.push(listener),
      onKeys: () => {},
      statements: () => [],
      locationKeys: () => (location === 'zurich' || location === 'bern' ? world.keyRing(location) : {}),
      complaint: () => undefined,
      refresh: async () => true,
      tell: (entries, version) => take({ revocations: world.listToken(entries, version, NOW) }),
    };
  };

  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    serve(socket);
  });
  const echoAt = await listening(echo);

  const metrics = { gateway: openMetrics(), host: openMetrics() };
  const gatewayComponent = await component('gateway', 'gateway-1');
  const gateway = await serveGateway({
    ...base(),
    metrics: metrics.gateway,
    component: gatewayComponent,
    listen: { host: HERE, port: 0 },
    ...(rateLimits !== undefined && { rateLimits }),
  });
  running.push(gateway);

  const site = change({
    tenant: 'contoso',
    site: { id: 'contoso', name: 'Contoso' },
    feed,
    portal: { name: 'Workspace', fallbackUrls: [] },
    continuity: { enabled: true, leaseDays: 7, deleteLeasesOnSignOut: true },
    webApps: [],
    locations: [
      {
        id: place,
        name: NAMES[place],
        connectivity: 'both',
        connectors: [{ id: `${place}-connector-1`, address: { host: HERE, port: 1 } }],
      },
    ],
    gateways: [{ id: 'gateway-1', address: gateway.address }],
    deliveryGroups: [{ id: 'office', name: 'Office', leasing: true, revocation: 'best-effort' }],
    sessionHosts: [{ id: `${place}-host-1`, location: place, deliveryGroup: 'office' }],
    resources: [
      {
        id: 'ledger',
        name: 'Ledger',
        kind: 'app',
        protocol: 'rdp',
        deliveryGroups: ['office'],
        entitled: { users: [MARA.upn], groups: [] },
      },
    ],
  });

  const startConnector = async (id: string, at?: TestComponent) => {
    const folder = await dataDir();
    await writeSiteCopy(folder, AccessRules, { version: 1, digest: sha256('site'), document: site }, NOW * 1_000);
    const own = at ?? (await component('connector', id, place));
    const service = await serveConnector({
      ...base(),
      component: own,
      location: place,
      listen: { host: HERE, port: 0 },
      broker: broker ?? `https://${HERE}:9`,
      dataDir: folder,
    });
    running.push(service);
    return { id, component: own, service, address: service.address, dataDir: folder };
  };
  const started = await Promise.all(Array.from({ length: connectors }, (_, index) => startConnector(`${place}-connector-${index + 1}`)));
  const endpoints = started.map(({ id, address }) => ({ id, address }));

  const hostComponent = await component('session-host', `${place}-host-1`, place);
  const hostConfig = {
    dataDir: await dataDir(),
    location: place,
    address: { host: HERE, port: 0 },
    listen: { host: HERE, port: 0 },
    connectors: endpoints,
    servers: [{ protocol: 'rdp' as const, target: echoAt, signOn: { kind: 'ask' as const }, ...server }],
    maxSessions: room.sessions ?? 0,
  };
  /** The session host, or the same once more: started anew, in the same data folder. */
  const startHost = async (figures = openMetrics()) => {
    const config = room.sessions === undefined ? { ...hostConfig, connectors: [] } : hostConfig;
    const service = await serveSessionHost({ ...base(), metrics: figures, component: hostComponent, config });
    running.push(service);
    return service;
  };
  const host = await startHost(metrics.host);
  // Nothing is accepted that was issued up to the second of a start.
  clock.seconds += 1;

  const location: LeaseLocation = {
    id: place,
    name: NAMES[place],
    connectivity: 'both',
    connectors: endpoints,
    gateways: [{ id: 'gateway-1', address: gateway.address }],
  };
  const ticketService = world.component('tickets', 'tickets-1');
  const brokerService = world.component('broker', 'broker-1');

  const field = {
    world,
    clock,
    now,
    site,
    gateway,
    gatewayComponent,
    connectors: started,
    host,
    /** a figure of the gateway or of the session host, as a collector reads it */
    figure: async (of: keyof typeof metrics, name: string) =>
      Number(
        (await metrics[of].text()).body
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.slice(name.length) ?? Number.NaN,
      ),
    startHost,
    hostComponent,
    location,
    component,
    startConnector,
    candidates: candidatesFor([location]),
    signal,
    /** Until gateway, connectors and session host have found each other. */
    settled: () => untilWell(running),
    lease: (device: Device) => world.shownFiles(device, world.leaseFor(device, { locations: [location] }).files),
    /** `place`: what the broker signs as the way to the ticket's location */
    launchFile: (device: Device, change: Partial<Ticket> = {}, place: LeaseLocation = location, by = brokerService): LaunchFile => ({
      ticket: ticketService.signer.sign(TYP.ticket, ticketClaims(device, { iat: clock.seconds, exp: clock.seconds + 90, ...change })),
      statement: ticketService.statement,
      locator: {
        token: by.signer.sign(TYP.locator, { tenant: TENANT, location: place, iat: clock.seconds } satisfies Locator),
        statement: by.statement,
      },
      correlationId: '7f3a91c2',
    }),
    ticket: (device: Device, change: Partial<Ticket> = {}) => ({
      ticket: ticketService.signer.sign(TYP.ticket, ticketClaims(device, { iat: clock.seconds, exp: clock.seconds + 90, ...change })),
      statement: ticketService.statement,
    }),
    device: newDevice,
    open: (
      address: Address,
      expected: { roles: readonly Role[]; id?: string },
      more: Partial<Pick<OpenChannelOptions, 'alpn' | 'serverName' | 'trust'>> = {},
    ) => openChannel({ address, deadlineMs: 5_000, trust: world.trustWith(), expected, now, signal, ...more }),
    /** Meets the session host where the grant says, and attaches. */
    async attach(
      device: Device,
      granted: Granted,
      via: Address,
    ): Promise<{ channel: Channel; answer: Awaited<ReturnType<Channel['present']>> }> {
      const { meeting } = granted;
      const channel =
        meeting.route === 'direct'
          ? await field.open(meeting.address, { roles: ['session-host'], id: granted.sessionHost })
          : await field.open(via, { roles: ['session-host'], id: granted.sessionHost }, { serverName: rendezvousName(meeting.id) });
      const answer = await channel.present(
        {
          type: 'present',
          op: 'attach',
          correlationId: '7f3a91c2',
          key: device.signer.publicKey,
          proof: proofOn(channel, device, 'attach', granted.grant, now()),
          grant: granted.grant,
          statement: granted.statement,
        },
        5_000,
      );
      return { channel, answer };
    },
    async close() {
      ending.abort();
      echo.close();
      await Promise.all(running.map((service) => service.stop()));
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
  return field;
}
export type Field = Awaited<ReturnType<typeof openField>>;

export function proofOn(channel: Channel, device: Device, op: Proof['op'], shown: string, iat: number): string {
  const proof: Proof = { aud: channel.statement.id, op, nonce: channel.hello.nonce, ekm: channel.ekm, digest: sha256(shown), iat };
  return device.signer.sign(TYP.proof, proof);
}

export function presentLease(field: Field, device: Device, channel: Channel, lease = field.lease(device)): PresentBody {
  return { ...launching(field, device, channel, lease.metadata), mode: 'lease', lease };
}

export function presentTicket(field: Field, device: Device, channel: Channel, ticket = field.ticket(device)): PresentBody {
  return { ...launching(field, device, channel, ticket.ticket), mode: 'ticket', ...ticket };
}

export function presentReach(field: Field, device: Device, channel: Channel, lease = field.lease(device)): PresentBody {
  const proof = proofOn(channel, device, 'reach', lease.metadata, field.now());
  return { type: 'present', op: 'reach', correlationId: '7f3a91c2', key: device.signer.publicKey, proof, lease };
}

function launching(field: Field, device: Device, channel: Channel, shown: string) {
  const proof = proofOn(channel, device, 'launch', shown, field.now());
  return {
    type: 'present',
    op: 'launch',
    correlationId: '7f3a91c2',
    key: device.signer.publicKey,
    proof,
    location: field.location.id,
  } as const;
}

export function granted(answer: { type: string }): Granted {
  if (!isGrant(answer)) throw new Error(`expected a grant, got ${JSON.stringify(answer)}`);
  return answer;
}
function isGrant(answer: { type: string }): answer is Granted & { type: 'grant' } {
  return answer.type === 'grant';
}
export function attached(answer: { type: string }): AttachedFrame {
  if (answer.type !== 'attached') throw new Error(`expected attached, got ${JSON.stringify(answer)}`);
  return answer as AttachedFrame;
}

export async function listening(server: Server): Promise<Address> {
  await new Promise<void>((resolve) => server.listen(0, HERE, resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return { host: HERE, port: bound.port };
}

/** Everything that comes until the other side ends. */
export async function readAll(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
