/** One session as the native host opens it: a process of its own, a grant as a broker would give it, the agent at its direct address. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningSession } from '#protocol/host';
import { TYP } from '#protocol/jose';
import type { SessionProtocol } from '#protocol/primitives';
import type { FromSession } from '#protocol/session-process';
import type { HostConfig } from '#protocol/vault';
import { wholeLine, wordsOf } from '#protocol/words';
import { people } from '#protocol/words/language';
import { type SessionChild, startSessionChild } from '../../../native-host/launch/session-child.ts';
import type { Field } from '../../services/whole-location.ts';
import { until } from '../../until.ts';
import { grantClaims } from '../../vectors/world.ts';
import { keyOf, OWNER, type TestDevice } from '../device.ts';

export interface RealSession {
  readonly child: SessionChild;
  readonly words: readonly FromSession[];
  /** its process is gone */
  hasEnded(): boolean;
  running(): RunningSession | undefined;
  /** waits until it runs */
  untilRunning(): Promise<RunningSession>;
  /** Waits for its failure: how it was told, its code and reason, and the sentence that a person reads. */
  untilFailed(): Promise<{ readonly type: string; readonly code: unknown; readonly reason: string; readonly sentence: string }>;
}

export async function openSession(
  field: Field,
  device: TestDevice,
  protocol: SessionProtocol,
  name: string,
  viewers: HostConfig['viewers'] = {},
): Promise<RealSession> {
  const words: FromSession[] = [];
  let ended = false;
  const child = await startSessionChild(
    device.home,
    (word) => words.push(word),
    () => {
      ended = true;
    },
  );
  const key = await keyOf(await device.host.vaultOf(OWNER));
  const resource = { feed: 'apps', id: 'shell', name, kind: 'desktop', protocol } as const;
  const broker = field.world.component('broker', 'broker-1');
  child.tell({ type: 'prepare', correlationId: '7f3a91c2', protocol, folder: child.folder, viewers });
  child.tell({
    type: 'open',
    ...OWNER,
    resource,
    mode: 'lease',
    grant: broker.signer.sign(TYP.grant, grantClaims(key, { resource, iat: field.now(), exp: field.now() + 60 })),
    statement: broker.statement,
    sessionHost: 'zurich-host-1',
    location: 'zurich',
    meeting: { route: 'direct', address: field.host.address },
    now: field.now(),
    trust: { rootBundle: field.world.signedBundle, revocations: field.world.listToken() },
  });
  const running = () => words.find((word) => word.type === 'running')?.session;
  const told = async () => `${JSON.stringify(words)}\n${await readFile(join(device.home, 'host.log'), 'utf8').catch(() => '')}`;
  return {
    child,
    words,
    hasEnded: () => ended,
    running,
    async untilRunning() {
      await until('the session runs or has ended', () => running() !== undefined || ended);
      const session = running();
      assert.ok(session !== undefined, await told());
      return session;
    },
    async untilFailed() {
      const failure = await until(
        'the session has failed',
        () => words.find((word) => 'error' in word) ?? (running() !== undefined || ended),
      );
      assert.ok(typeof failure === 'object' && 'error' in failure && failure.error !== undefined, await told());
      const { type, error } = failure;
      return { type, code: error.code, reason: error.reason ?? '', sentence: wholeLine(wordsOf(error, people)) };
    },
  };
}
