/** What is to be ended, by whoever began it: a test's own context, or a list for programs that are no tests. */

export interface Endings {
  after(end: () => unknown): void;
}

export interface EndingList extends Endings {
  /** Ends everything, last begun first; what can't be ended keeps nothing else from its end, and is thrown at last. */
  end(): Promise<void>;
}

export function openEndings(): EndingList {
  const ends: (() => unknown)[] = [];
  return {
    after: (end) => void ends.push(end),
    async end() {
      const faults: unknown[] = [];
      for (const one of ends.splice(0).reverse()) {
        try {
          await one();
        } catch (error) {
          faults.push(error);
        }
      }
      if (faults.length > 0) throw new AggregateError(faults, faults.map(messageOf).join('\n'));
    },
  };
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
