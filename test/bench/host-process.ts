/** The native host as the browser runs it: by the wrapper that `holdfast-host install` writes, its own folder, native messages both ways. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as v from 'valibot';
import { fromWireError } from '#protocol/errors';
import { HOST, type HostEvent, HostMessage, type HostRequestType } from '#protocol/host';
import { Signed } from '#protocol/lease';
import { LIMITS, VERSION } from '#protocol/limits';
import { parse, parseJson } from '#protocol/parse';
import type { HostConfig } from '#protocol/vault';
import { wrapperName, wrapperScript } from '../../native-host/install/wrapper.ts';
import { hostProgram } from '../../native-host/program-paths.ts';
import { messagesFrom, sendTo } from '../../native-host/stdio.ts';
import type { Person } from '../services/person.ts';

type Body<K extends HostRequestType> = v.InferInput<(typeof HOST)[K]['request']>;
type Reply<K extends HostRequestType> = v.InferOutput<(typeof HOST)[K]['reply']>;

export interface HostProcess {
  readonly pid: number;
  ask<K extends HostRequestType>(type: K, body: Body<K>): Promise<Reply<K>>;
  /** The next event that `fits`, of those that come after the call. Rejects when the process ends before it. */
  heard<E extends HostEvent>(fits: (event: HostEvent) => event is E): Promise<E>;
  /** as when the browser goes: sessions stay */
  close(): Promise<void>;
}

const EXTENSION = 'abcdefghijklmnopabcdefghijklmnop';
export const PROFILE = 'p'.repeat(22);

/** A host's folder with its configuration; `remove` it at the end. */
export function newHome(workspace: string, viewers: HostConfig['viewers'] = {}): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'hf-b-'));
  const config: HostConfig = {
    v: 1,
    workspaces: [{ url: workspace, name: 'Bench', trustFirstRoot: true }],
    extensions: [EXTENSION],
    viewers,
  };
  writeFileSync(join(path, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }) };
}

/** What the browser starts for this home, with its arguments: the wrapper, written there. */
export function hostCommand(home: string): readonly [program: string, ...args: string[]] {
  const wrapper = join(home, wrapperName(process.platform));
  writeFileSync(wrapper, wrapperScript(process.platform, { node: process.execPath, program: hostProgram(), home }), { mode: 0o700 });
  return [wrapper, `chrome-extension://${EXTENSION}/`];
}

/** Starts it and waits until everything of it is loaded. */
export async function startHost(home: string, workspace: string): Promise<HostProcess> {
  const host = await greetHost(home);
  await host.ask('status', { workspace: workspace });
  return host;
}

/** Starts it and waits for its first reply, after which it loads the rest. */
export async function greetHost(home: string): Promise<HostProcess> {
  const [program, ...args] = hostCommand(home);
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const send = sendTo(child.stdin);
  const replies = new Map<number, (message: HostMessage) => void>();
  const listeners = new Set<(event: HostEvent) => void>();
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => {});
  let id = 0;
  const listened = (async () => {
    for await (const value of messagesFrom(child.stdout)) {
      const message = parse(HostMessage, value);
      if ('event' in message) for (const listener of [...listeners]) listener(message);
      else replies.get(message.id)?.(message);
    }
    gone.reject(new Error('The native host ended.'));
  })();
  const host: HostProcess = {
    pid: child.pid ?? Number.NaN,
    async ask(type, body) {
      id += 1;
      const mine = id;
      const reply = new Promise<HostMessage>((resolve) => replies.set(mine, resolve));
      send({ v: VERSION.host, id: mine, type, body });
      const message = await Promise.race([reply, gone.promise]);
      replies.delete(mine);
      if ('event' in message) throw new TypeError('a reply has no event');
      if ('error' in message) throw fromWireError(message.error);
      return parse(HOST[type].reply, message.body);
    },
    heard<E extends HostEvent>(fits: (event: HostEvent) => event is E) {
      const came = new Promise<E>((resolve) => {
        const listener = (event: HostEvent): void => {
          if (!fits(event)) return;
          listeners.delete(listener);
          resolve(event);
        };
        listeners.add(listener);
      });
      return Promise.race([came, gone.promise]);
    },
    async close() {
      child.stdin.end();
      await listened;
    },
  };
  await host.ask('hello', { extension: '0.1.0', v: VERSION.host, profile: PROFILE });
  return host;
}

/** As a signed-in page does: the Workspace names the person to the host. */
export async function bindHost(host: HostProcess, workspace: string, { post }: Person): Promise<void> {
  const { challenge } = await host.ask('challenge', { workspace });
  const { text } = await post('/api/v1/page-token', { challenge });
  await host.ask('bind', { workspace, ...parseJson(Signed, text, LIMITS.requestBodyBytes) });
}
