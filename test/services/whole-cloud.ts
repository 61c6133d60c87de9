/** All six cloud services of a small site, running together in the test's process. */
import { scryptSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type * as v from 'valibot';
import type { SiteDocument } from '#protocol/site-document';
import type { Component } from '#runtime/component/component';
import type { RunningService } from '#runtime/service/run';
import { start as startBroker } from '../../services/broker/broker.ts';
import { start as startIdentity } from '../../services/identity/identity.ts';
import { start as startLeaseIssuer } from '../../services/lease-issuer/lease-issuer.ts';
import { start as startTickets } from '../../services/tickets/tickets.ts';
import { start as startWorkspace } from '../../services/workspace/workspace.ts';
import { testDatabase } from './database.ts';
import type { Endings } from './endings.ts';
import { base, startHere, startRoot, TENANT, type TestRoot, urlOf } from './service-in-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const PASSWORD = 'correct horse';
export const MARA = 'mara@test.localhost';

export interface WholeCloud {
  readonly root: TestRoot;
  readonly origin: string;
  readonly issuer: string;
  readonly connector: Component;
  readonly services: Readonly<Record<'broker' | 'tickets' | 'lease-issuer' | 'identity' | 'workspace', RunningService>>;
  readonly urls: { readonly broker: string; readonly tickets: string; readonly leaseIssuer: string };
}

export type SiteInput = v.InferInput<typeof SiteDocument>;

const address = (port: number) => ({ host: '127.0.0.1', port });

export const SITE: SiteInput = {
  tenant: TENANT,
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
};

export async function writeSite(folder: string, site: SiteInput): Promise<string> {
  const file = join(folder, 'site.yaml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify(site, null, 1));
  return file;
}

/** Identity and Workspace name each other by URL, so their ports are known before they start. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (bound === null || typeof bound === 'string') throw new Error('There is no free port.');
  return bound.port;
}

function hashOf(password: string): string {
  const salt = Buffer.from('0123456789abcdef');
  const hash = scryptSync(password, salt, 32, { N: 1_024, r: 8, p: 1 });
  return ['scrypt', 1_024, 8, 1, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

export interface WholeCloudOptions {
  readonly site?: SiteInput;
  /** those of Mara */
  readonly groups?: string[];
  /** in the list before anybody enrols: components hear of later ones once a minute */
  readonly blocks?: readonly object[];
  /** what the others are told to be the broker */
  readonly brokerUrl?: (root: TestRoot, site: SiteInput) => Promise<string>;
}

export async function startWholeCloud(
  t: Endings,
  { site = SITE, groups = ['Staff'], blocks = [], brokerUrl }: WholeCloudOptions = {},
): Promise<WholeCloud> {
  const root = await startRoot(t);
  for (const target of blocks) await root.admin('POST', '/v1/admin/blocks', { target, days: 1 });
  const folder = await temporaryFolder(t);
  const portal = join(folder, 'portal');
  await mkdir(join(portal, 'assets'), { recursive: true });
  await writeFile(join(portal, 'index.html'), '<!doctype html><title>Workspace</title>');
  await writeFile(join(portal, 'sw.js'), '// worker');
  await writeFile(join(portal, 'assets', 'portal-AbCdEf123456.js'), '// portal');
  const enrolled = async (role: 'broker' | 'tickets' | 'lease-issuer' | 'workspace') => ({
    ...base(role, await temporaryFolder(t)),
    rootOfTrust: root.ref,
    join: { value: await root.joinToken(role, role) },
  });
  const broker = await startHere(t, startBroker, {
    ...(await enrolled('broker')),
    database: await testDatabase(t),
    site: await writeSite(folder, site),
  });
  const toldBroker = (await brokerUrl?.(root, site)) ?? urlOf(broker);
  const tickets = await startHere(t, startTickets, await enrolled('tickets'));
  const leaseIssuer = await startHere(t, startLeaseIssuer, {
    ...(await enrolled('lease-issuer')),
    database: await testDatabase(t),
    tenant: TENANT,
    broker: toldBroker,
    issuerKey: root.issuerKey,
    workers: 1,
  });
  const [identityPort, workspacePort] = [await freePort(), await freePort()];
  const issuer = `http://identity.localhost:${identityPort}`;
  const origin = `http://workspace.localhost:${workspacePort}`;
  const secret = { value: 'the-clients-secret' };
  const identity = await startHere(t, startIdentity, {
    ...base('identity', await temporaryFolder(t)),
    listen: address(identityPort),
    database: await testDatabase(t),
    publicUrl: issuer,
    clients: [{ id: 'workspace', secret, redirectUris: [`${origin}/auth/callback`] }],
    users: [
      { upn: MARA, name: 'Mara Keller', passwordHash: hashOf(PASSWORD), groups },
      { upn: 'otto@test.localhost', name: 'Otto Frei', passwordHash: hashOf('another one'), groups: [] },
    ],
  });
  const workspace = await startHere(t, startWorkspace, {
    ...(await enrolled('workspace')),
    listen: address(workspacePort),
    database: await testDatabase(t),
    tenant: TENANT,
    name: 'Test Workspace',
    publicUrl: origin,
    portal,
    signIn: { issuer, clientId: 'workspace', clientSecret: secret },
    broker: toldBroker,
    tickets: urlOf(tickets),
    leaseIssuer: urlOf(leaseIssuer),
    continuity: { enabled: true, leaseDays: 7, deleteLeasesOnSignOut: true },
    webApps: [{ id: 'handbook', name: 'Handbook', url: 'https://www.example.org/handbook' }],
  });
  const connector = await root.component('connector', 'zurich-1', 'zurich');
  return {
    root,
    origin,
    issuer,
    connector,
    services: { broker, tickets, 'lease-issuer': leaseIssuer, identity, workspace },
    urls: { broker: toldBroker, tickets: urlOf(tickets), leaseIssuer: urlOf(leaseIssuer) },
  };
}
