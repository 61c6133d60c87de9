/** All six cloud services of a small site, running together in the test's process. */
import { scryptSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from '#protocol/parse';
import type { Database, WorkspaceConfig } from '#protocol/service-config';
import { PortalSettings, SiteDocument } from '#protocol/site-document';
import type { Component } from '#runtime/component/component';
import { sha256, thumbprint } from '#runtime/jose/primitives';
import { newP256, publicHalf } from '#runtime/jose/sign';
import type { RunningService } from '#runtime/service/run';
import { writeSiteCopy } from '#runtime/site/copy';
import type { AdminServer } from '../../cli/admin-client.ts';
import type { Endings } from '../../cli/up/endings.ts';
import { start as startBrokerService } from '../../services/broker/broker.ts';
import { start as startIdentity } from '../../services/identity/identity.ts';
import { start as startLeaseIssuer } from '../../services/lease-issuer/lease-issuer.ts';
import { start as startTickets } from '../../services/tickets/tickets.ts';
import { start as startWorkspace } from '../../services/workspace/workspace.ts';
import { startBroker } from './broker-in-process.ts';
import { testDatabase } from './database.ts';
import { base, startHere, startRoot, TENANT, type TestRoot, urlOf } from './service-in-process.ts';
import { importFirst } from './site-admin.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { untilWell } from './until-well.ts';

export const PASSWORD = 'correct horse';
export const MARA = 'mara@test.localhost';

export type WithDatabase = 'broker' | 'lease-issuer' | 'identity' | 'workspace';

export interface WholeCloud {
  readonly root: TestRoot;
  readonly origin: string;
  readonly issuer: string;
  readonly connector: Component;
  readonly services: Readonly<Record<'broker' | 'tickets' | 'lease-issuer' | 'identity' | 'workspace', RunningService>>;
  readonly admin: AdminServer;
  /** again, at the same place, after it was stopped */
  readonly restart: Readonly<Record<WithDatabase, () => Promise<RunningService>>>;
  readonly databases: Readonly<Record<WithDatabase, Database>>;
  readonly urls: { readonly broker: string; readonly tickets: string; readonly leaseIssuer: string };
}

export type SiteInput = v.InferInput<typeof SiteDocument>;

const address = (port: number) => ({ host: '127.0.0.1', port });

export const SITE: SiteInput = {
  tenant: TENANT,
  portal: { name: 'Test Workspace' },
  site: { id: 'test', name: 'Test site' },
  locations: [
    { id: 'zurich', name: 'Zurich', connectors: [{ id: 'zurich-1', address: address(2598) }] },
    { id: 'bern', name: 'Bern', connectors: [{ id: 'bern-1', address: address(2599) }] },
  ],
  gateways: [{ id: 'gateway-1', address: address(443) }],
  deliveryGroups: [
    { id: 'terminals', name: 'Terminals' },
    { id: 'payroll', name: 'Payroll', leasing: false },
  ],
  sessionHosts: [
    { id: 'host-1', location: 'zurich', deliveryGroup: 'terminals' },
    { id: 'host-2', location: 'zurich', deliveryGroup: 'terminals' },
    { id: 'host-3', location: 'zurich', deliveryGroup: 'payroll' },
  ],
  resources: [
    {
      id: 'terminal',
      name: 'Terminal',
      kind: 'app',
      protocol: 'ssh',
      icon: 'terminal',
      deliveryGroups: ['terminals'],
      entitled: { groups: ['Staff'] },
    },
    { id: 'archive', name: 'Archive', kind: 'app', protocol: 'ssh', deliveryGroups: ['terminals'], entitled: { users: [MARA] } },
    { id: 'payroll', name: 'Payroll', kind: 'app', protocol: 'ssh', deliveryGroups: ['payroll'], entitled: { groups: ['Staff'] } },
    { id: 'secret', name: 'Secret', kind: 'app', protocol: 'ssh', deliveryGroups: ['terminals'], entitled: { groups: ['Board'] } },
  ],
  webApps: [{ id: 'handbook', name: 'Handbook', url: 'https://www.example.org/handbook' }],
};

/** Identity and Workspace name each other by URL, so their ports are known before they start. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (bound === null || typeof bound === 'string') throw new Error('There is no free port.');
  return bound.port;
}

function keyToPin(key: ReturnType<typeof newP256>) {
  const half = publicHalf(key);
  return { ...half, kid: thumbprint(half) };
}

export function hashOf(password: string): string {
  const salt = Buffer.from('0123456789abcdef');
  const hash = scryptSync(password, salt, 32, { N: 1_024, r: 8, p: 1 });
  return ['scrypt', 1_024, 8, 1, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** As a service that has run before has it: for those that are told of a broker that never answers. */
async function keepCopy(dataDir: string, site: SiteInput, schema: v.GenericSchema = v.unknown()): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const document = parse(schema, parse(SiteDocument, site));
  await writeSiteCopy(dataDir, v.unknown(), { version: 1, digest: sha256('site'), document }, Date.now());
}

export interface WholeCloudOptions {
  readonly site?: SiteInput;
  /** those of Mara */
  readonly groups?: string[];
  /** in the list before anybody enrols: components hear of later ones once a minute */
  readonly blocks?: readonly object[];
  /** by which the shares of people and devices fill at the Workspace */
  readonly nowMs?: () => number;
  /** of one person */
  readonly devices?: number;
  /** what the others are told to be the broker */
  readonly brokerUrl?: (root: TestRoot, site: SiteInput) => Promise<string>;
  /** of the Workspace: another provider than ours, or other claims; by where it will be */
  readonly signIn?: Partial<WorkspaceConfig['signIn']> | ((origin: string) => Promise<Partial<WorkspaceConfig['signIn']>>);
}

export async function startWholeCloud(
  t: Endings,
  {
    site = SITE,
    groups = ['Staff'],
    blocks = [],
    brokerUrl,
    signIn = {},
    devices = 3,
    nowMs = () => performance.now(),
  }: WholeCloudOptions = {},
): Promise<WholeCloud> {
  const root = await startRoot(t);
  for (const target of blocks) await root.admin('POST', '/v1/admin/blocks', { target, days: 1, anyway: true });
  const folder = await temporaryFolder(t);
  const portal = join(folder, 'portal');
  await mkdir(join(portal, 'assets'), { recursive: true });
  await writeFile(join(portal, 'index.html'), '<!doctype html><title>Workspace</title>');
  await writeFile(join(portal, 'sw.js'), '// worker');
  await writeFile(join(portal, 'assets', 'portal-AbCdEf123456.js'), '// portal');
  const enrolled = async (role: 'tickets' | 'lease-issuer' | 'workspace') => ({
    ...base(role, await temporaryFolder(t)),
    rootOfTrust: root.ref,
    join: { value: await root.joinToken(role, role) },
  });
  const { running: broker, config: brokerConfig } = await startBroker(t, root, { database: await testDatabase(t) });
  const admin = await importFirst(broker, brokerConfig.dataDir, site);
  const toldBroker = (await brokerUrl?.(root, site)) ?? urlOf(broker);
  const tickets = await startHere(t, startTickets, await enrolled('tickets'));
  const issuerConfig = {
    ...(await enrolled('lease-issuer')),
    database: await testDatabase(t),
    broker: toldBroker,
    issuerKey: root.issuerKey,
    workers: 1,
  };
  if (brokerUrl !== undefined) await keepCopy(issuerConfig.dataDir, site);
  const leaseIssuer = await startHere(t, startLeaseIssuer, issuerConfig);
  const [identityPort, workspacePort] = [await freePort(), await freePort()];
  const issuer = `http://identity.localhost:${identityPort}`;
  const origin = `http://workspace.localhost:${workspacePort}`;
  const secret = { value: 'the-clients-secret' };
  const identityKey = newP256();
  const identityConfig = {
    ...base('identity', await temporaryFolder(t)),
    listen: address(identityPort),
    database: await testDatabase(t),
    publicUrl: issuer,
    trustedProxies: [],
    signingKey: { value: JSON.stringify(identityKey) },
    clients: [{ id: 'workspace', secret, redirectUris: [`${origin}/auth/callback`] }],
    users: [
      { upn: MARA, name: 'Mara Keller', passwordHash: hashOf(PASSWORD), groups },
      { upn: 'otto@test.localhost', name: 'Otto Frei', passwordHash: hashOf('another one'), groups: [] },
    ],
  };
  const identity = await startHere(t, startIdentity, identityConfig);
  const workspaceConfig = {
    ...(await enrolled('workspace')),
    listen: address(workspacePort),
    database: await testDatabase(t),
    publicUrl: origin,
    trustedProxies: [],
    portal,
    signIn: {
      issuer,
      clientId: 'workspace',
      clientSecret: secret,
      scopes: ['profile', 'email'],
      claims: { upn: 'upn', groups: 'groups' },
      keys: [keyToPin(identityKey)],
      ...(typeof signIn === 'function' ? await signIn(origin) : signIn),
    },
    broker: toldBroker,
    tickets: urlOf(tickets),
    leaseIssuer: urlOf(leaseIssuer),
    devicesPerPerson: devices,
  };
  if (brokerUrl !== undefined) await keepCopy(workspaceConfig.dataDir, site, v.object(PortalSettings.entries));
  const startWorkspaceHere = () => startHere(t, startWorkspace, workspaceConfig, { nowMs });
  const workspace = await startWorkspaceHere();
  await untilWell([leaseIssuer, workspace]);
  const connector = await root.component('connector', 'zurich-1', 'zurich');
  return {
    root,
    origin,
    issuer,
    connector,
    services: { broker, tickets, 'lease-issuer': leaseIssuer, identity, workspace },
    admin,
    restart: {
      broker: () => startHere(t, startBrokerService, { ...brokerConfig, listen: broker.address }),
      identity: () => startHere(t, startIdentity, identityConfig),
      'lease-issuer': () => startHere(t, startLeaseIssuer, { ...issuerConfig, listen: leaseIssuer.address }),
      workspace: startWorkspaceHere,
    },
    databases: {
      broker: brokerConfig.database,
      'lease-issuer': issuerConfig.database,
      identity: identityConfig.database,
      workspace: workspaceConfig.database,
    },
    urls: { broker: toldBroker, tickets: urlOf(tickets), leaseIssuer: urlOf(leaseIssuer) },
  };
}
