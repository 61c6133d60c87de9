/**
 * Tells the root of trust in which names people were seen, so that it can say when a block means nobody (B-L5). In the background and in
 * memory only: while the root of trust is away names wait, up to a bound; one that is lost is told at the person's next sign-in.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { unknownOf } from '#core/access/unknown';
import type { SeenName } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import type { User } from '#protocol/primitives';
import type { Log } from '#runtime/log/log';

export interface SeenNames {
  /** never waits, never throws */
  note(names: readonly SeenName[]): void;
}

export interface SeenNamesOptions {
  /** throws its refusal */
  readonly send: (names: SeenName[]) => Promise<unknown>;
  /** ms of a clock that never goes back */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** ms between a try that failed and the next */
  readonly retryMs?: number;
}

/** ms: what was told is not told again before */
const AGAIN_MS = 3_600_000;
const RETRY_MS = 2_000;
/** Names that wait, and names known as told; some megabytes. */
const WAITING_MAX = 10_000;
const TOLD_MAX = 20_000;

/** The names of a person by which administrators may block them. */
export function namesOf(user: User): SeenName[] {
  const { subject, upn, groups = [] } = user;
  const isNamed = !unknownOf(user).includes('name');
  return [{ kind: 'user', subject, ...(isNamed && { upn }) }, ...groups.map((group): SeenName => ({ kind: 'group', group }))];
}

export function openSeenNames({ send, now, signal, log, retryMs = RETRY_MS }: SeenNamesOptions): SeenNames {
  const waiting = new Map<string, SeenName>();
  const told = new Map<string, number>();
  let isWorking = false;
  let isTroubled = false;

  const isTold = (key: string) => (told.get(key) ?? Number.NEGATIVE_INFINITY) + AGAIN_MS > now();
  const rememberTold = (key: string) => {
    told.delete(key);
    told.set(key, now());
    if (told.size > TOLD_MAX) told.delete(told.keys().next().value ?? key);
  };
  const trySending = async (names: SeenName[]): Promise<'told' | 'refused' | 'away'> => {
    try {
      await send(names);
      if (isTroubled) log.info({}, 'The root of trust takes the names of people again.');
      isTroubled = false;
      return 'told';
    } catch (err) {
      if (!isTroubled && !signal.aborted) log.warn({ err }, 'The root of trust doesn’t take the names of people who sign in.');
      isTroubled = true;
      return err instanceof HoldfastError && err.retryable ? 'away' : 'refused';
    }
  };
  const work = async (): Promise<void> => {
    isWorking = true;
    while (waiting.size > 0 && !signal.aborted) {
      const batch = [...waiting].slice(0, LIMITS.seenNames);
      const outcome = await trySending(batch.map(([, name]) => name));
      if (outcome === 'away') {
        await pause(retryMs, undefined, { signal, ref: false }).catch(() => {});
        continue;
      }
      for (const [key] of batch) {
        waiting.delete(key);
        if (outcome === 'told') rememberTold(key);
      }
    }
    isWorking = false;
  };
  return {
    note(names) {
      for (const name of names) {
        const key = JSON.stringify(name);
        if (waiting.size < WAITING_MAX && !isTold(key)) waiting.set(key, name);
      }
      if (!isWorking) void work();
    },
  };
}
