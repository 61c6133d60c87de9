/**
 * Who may wait for the next block: an enrolled component, which the TLS key of its connection names, once. Everybody else is answered at
 * once: a wait costs the caller nothing, and thousands of answers at the moment of a block would delay it.
 */
import { TLSSocket } from 'node:tls';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { turnsFor } from '#runtime/budget/turns';
import { peerSpki } from '#runtime/tls/peer';
import type { Store } from './store.ts';

export interface Waits {
  /** The signal that ends this caller's wait because it waits anew; undefined: this caller may not wait. */
  enter(request: FastifyRequest, reply: FastifyReply): Promise<AbortSignal | undefined>;
  /** Resolves in this caller's turn to be answered: whoever made the news is answered first, then a few in each round of the event loop. */
  turn(): Promise<void>;
}

/** Answers to waiting callers in one round: each is the whole directory. */
const ANSWERS = { eachRound: 4, waitingPerSource: Number.POSITIVE_INFINITY };
const COMPONENTS = 'components';

export function openWaits(isEnrolled: (tls: string) => Promise<boolean>): Waits {
  const waiting = new Map<string, AbortController>();
  const turns = turnsFor(ANSWERS);
  return {
    async enter({ raw: { socket } }, reply) {
      const tls = socket instanceof TLSSocket ? peerSpki(socket) : undefined;
      if (tls === undefined || !(await isEnrolled(tls))) return undefined;
      const mine = new AbortController();
      waiting.get(tls)?.abort();
      waiting.set(tls, mine);
      reply.raw.once('close', () => {
        if (waiting.get(tls) === mine) waiting.delete(tls);
      });
      return mine.signal;
    },
    turn: () => new Promise((resolve) => setImmediate(() => void turns.take(COMPONENTS, resolve))),
  };
}

/** Whether a component with this TLS key is, or was, enrolled: a replaced key may wait, too, it learns nothing that is not public. */
export function enrolledIn(store: Store): (tls: string) => Promise<boolean> {
  return async (tls) => (await store.sql.selectFrom('root_key').select('id').where('tls', '=', tls).executeTakeFirst()) !== undefined;
}
