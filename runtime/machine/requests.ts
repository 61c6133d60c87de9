/** Numbered requests and their replies, over whatever carries them. Like the driver it has no platform of its own. */
import type { Timing } from './drive.ts';

export interface Requests<Reply> {
  /** Sends one under the next number. Rejects with `late()` after the deadline, or with what `send` throws. */
  ask(deadlineMs: number, late: () => Error, send: (id: number) => void): Promise<Reply>;
  /** A reply that nobody waits for, any more or at all, is ignored. */
  settle(id: number, reply: Reply): void;
  /** Rejects all that wait. */
  close(error: unknown): void;
}

export function openRequests<Reply>(clock: Pick<Timing, 'after'>): Requests<Reply> {
  const waiting = new Map<number, { settle(reply: Reply): void; refuse(error: unknown): void }>();
  let lastId = 0;
  return {
    ask(deadlineMs, late, send) {
      lastId += 1;
      const id = lastId;
      const { promise, resolve, reject } = Promise.withResolvers<Reply>();
      const end = (): void => {
        forget();
        waiting.delete(id);
      };
      const refuse = (error: unknown): void => {
        end();
        reject(error);
      };
      const forget = clock.after(deadlineMs, () => refuse(late()));
      const settle = (reply: Reply): void => {
        end();
        resolve(reply);
      };
      waiting.set(id, { settle, refuse });
      try {
        send(id);
      } catch (error) {
        refuse(error);
      }
      return promise;
    },
    settle: (id, reply) => waiting.get(id)?.settle(reply),
    close(error) {
      for (const one of [...waiting.values()]) one.refuse(error);
    },
  };
}
