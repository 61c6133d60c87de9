/** Services started in the test's own process, on ports of their own, and ended with the test. */
import { join } from 'node:path';
import { request } from 'undici';
import { JoinTokenReply } from '#protocol/cloud-api';
import { parse } from '#protocol/parse';
import type { Database, RootOfTrustRef } from '#protocol/service-config';
import type { Role } from '#protocol/trust';
import { type Component, openComponent } from '#runtime/component/component';
import { rootAgent } from '#runtime/component/root-agent';
import { closeCloudConnections } from '#runtime/http/cloud-client';
import type { Log } from '#runtime/log/log';
import { openMetrics } from '#runtime/metrics/metrics';
import type { BaseConfig, RunningService, ServiceContext, StartService } from '#runtime/service/run';
import type { Endings } from '../../cli/up/endings.ts';
import { holdCeremony } from '../../services/root-of-trust/ceremony.ts';
import { start as startRootOfTrust } from '../../services/root-of-trust/root-of-trust.ts';
import { SILENT, testLog } from '../log.ts';
import { testDatabase } from './database.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const TENANT = 'test';
export const ADMIN_TOKEN = 'the-administrators-token';
const ANY_PORT = { host: '127.0.0.1', port: 0 };

/** What every configuration begins with. */
export function base(id: string, dataDir: string): BaseConfig {
  return { id, dataDir, listen: ANY_PORT, management: ANY_PORT, logLevel: 'error' };
}

/** Starts a service here and now; it ends with the test. */
export async function startHere<C extends BaseConfig>(
  t: Endings,
  start: StartService<C>,
  config: C,
  {
    log = testLog(config.id),
    metrics = openMetrics(),
    nowMs = () => performance.now(),
  }: Partial<Pick<ServiceContext, 'log' | 'metrics' | 'nowMs'>> = {},
): Promise<RunningService> {
  const ending = new AbortController();
  const running = await start(config, { signal: ending.signal, log, metrics, nowMs });
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    ending.abort();
    await running.stop();
  };
  t.after(stop);
  return { ...running, stop };
}

export function urlOf(running: Pick<RunningService, 'address'>): string {
  return `https://${running.address.host}:${running.address.port}`;
}

export interface TestRoot {
  readonly dir: string;
  readonly ref: RootOfTrustRef;
  readonly issuerKey: string;
  readonly database: Database;
  readonly running: RunningService;
  /** ends it, and starts it again at the same place */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  /** `method path` of the administration */
  admin(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, token?: string): Promise<{ status: number; body: unknown }>;
  joinToken(role: Role, id: string, location?: string): Promise<string>;
  /** as a collector scrapes it */
  metrics(): Promise<string>;
  /** enrols a component of any role with this token; it ends with the test */
  enrol(role: Role, id: string, token: string, location?: string): Promise<Component>;
  /** the same with a new token */
  component(role: Role, id: string, location?: string): Promise<Component>;
}

export async function startRoot(t: Endings, given?: Database, log?: Log): Promise<TestRoot> {
  const dir = join(await temporaryFolder(t), 'ceremony');
  const { pins, roleKeys } = await holdCeremony({ dir, tenant: TENANT });
  const { issuer, ...keys } = roleKeys;
  const database = given ?? (await testDatabase(t));
  const config = {
    ...base('root-of-trust', dir),
    database,
    tenant: TENANT,
    publicUrl: 'https://127.0.0.1',
    adminToken: { value: ADMIN_TOKEN },
    keys,
  };
  const metrics = openMetrics();
  const running = await startHere(t, startRootOfTrust, config, { metrics, ...(log !== undefined && { log }) });
  let latest = running;
  const restart: TestRoot['restart'] = async (meanwhile) => {
    await latest.stop();
    await meanwhile?.();
    latest = await startHere(t, startRootOfTrust, { ...config, listen: running.address });
  };
  const ref = { url: urlOf(running), ...pins };
  const agent = rootAgent(pins, { connectTimeoutMs: 2_000 });
  t.after(() => agent.destroy());
  const admin: TestRoot['admin'] = async (method, path, body, token = ADMIN_TOKEN) => {
    const answer = await request(new URL(path, ref.url), {
      method,
      dispatcher: agent,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: await answer.body.json() };
  };
  const joinToken: TestRoot['joinToken'] = async (role, id, location) => {
    const { body } = await admin('POST', '/v1/admin/join-tokens', { role, id, ...(location !== undefined && { location }) });
    return parse(JoinTokenReply, body).joinToken;
  };
  const enrol: TestRoot['enrol'] = async (role, id, token, location) => {
    const ending = new AbortController();
    const opened = await openComponent({
      role,
      id,
      ...(location !== undefined && { location }),
      dataDir: await temporaryFolder(t),
      rootOfTrust: ref,
      join: () => token,
      signal: ending.signal,
      log: SILENT,
    });
    t.after(async () => {
      ending.abort();
      await closeCloudConnections(opened);
    });
    return opened;
  };
  const component: TestRoot['component'] = async (role, id, location) => enrol(role, id, await joinToken(role, id, location), location);
  const scrape = async () => (await metrics.text()).body;
  return { dir, ref, issuerKey: issuer, database, running, restart, admin, joinToken, metrics: scrape, enrol, component };
}
