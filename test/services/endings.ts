/** What is to be ended, by whoever began it: a test's own context, or a list for programs that are no tests. */

export interface Endings {
  after(end: () => unknown): void;
}

export interface EndingList extends Endings {
  /** Ends everything, last begun first. */
  end(): Promise<void>;
}

export function openEndings(): EndingList {
  const ends: (() => unknown)[] = [];
  return {
    after: (end) => void ends.push(end),
    async end() {
      for (const one of ends.splice(0).reverse()) await one();
    },
  };
}
