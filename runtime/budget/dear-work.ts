/**
 * Work that holds something scarce while it lasts (a processor, a connection to another service): a few pieces at once, and of what waits
 * one source after the other. Whoever asks once waits for one piece of each other source, however much that has sent.
 */

/** Does the work in this source's turn. */
export type DearWork = <T>(source: string, work: () => Promise<T>) => Promise<T>;

/** `atOnce`: pieces. What waits is not limited here: a request that waits is in work, and has its place there (`places.ts`). */
export function dearWork(atOnce: number): DearWork {
  /** in the order in which the sources are served next */
  const waiting = new Map<string, (() => void)[]>();
  let underWay = 0;

  const beginNext = () => {
    for (const [source, queue] of waiting) {
      if (underWay >= atOnce) return;
      waiting.delete(source);
      const begin = queue.shift();
      // Set anew, it comes after the others.
      if (queue.length > 0) waiting.set(source, queue);
      underWay += 1;
      begin?.();
    }
  };

  return async (source, work) => {
    await new Promise<void>((begin) => {
      const queue = waiting.get(source) ?? [];
      queue.push(begin);
      waiting.set(source, queue);
      beginNext();
    });
    try {
      return await work();
    } finally {
      underWay -= 1;
      beginNext();
    }
  };
}
