/** The prompt windows: at most one per tab, found by its URL, so that a restarted worker never opens a second one. */
import type { How } from '#core/machines/login-watch-states';
import { promptWindow } from '../webext.ts';
import { spotsFor } from './placement.ts';

/** 420 px of content, and the height of its longest variant with a title bar. */
const SIZE = { width: 420, height: 600 };

const pageOf = (tab: number): string => `prompt.html?tab=${tab}`;

export interface Prompts {
  show(tab: number, how: How): void;
  close(tab: number): void;
}

/** Opening and closing for one tab are serialized in the order of the calls. */
export function createPrompts(log: (text: string) => void): Prompts {
  const queues = new Map<number, Promise<void>>();
  const opened = new Map<number, number>();
  const enqueue = (tab: number, work: () => Promise<void>): void => {
    const before = queues.get(tab) ?? Promise.resolve();
    const mine = before.then(work).catch((error: unknown) => log(`prompt window of tab ${tab}: ${String(error)}`));
    queues.set(tab, mine);
    void mine.then(() => queues.get(tab) === mine && queues.delete(tab));
  };
  return {
    show: (tab, how) =>
      enqueue(tab, async () => {
        const [open] = await find(tab);
        if (open === undefined) opened.set(tab, await openFor(tab, how));
        else if (how === 'front') await promptWindow.focus(open);
      }),
    close: (tab) =>
      enqueue(tab, async () => {
        for (const open of await find(tab)) await promptWindow.close(open);
        opened.delete(tab);
      }),
  };

  async function openFor(tab: number, how: How): Promise<number> {
    const window = await promptWindow.window(how === 'front' ? 'foreground' : tab);
    const spots = window === null ? [] : spotsFor(how, window, SIZE);
    return promptWindow.open(pageOf(tab), SIZE, spots, how === 'front');
  }

  /** A new window has no URL yet; one opened before the worker was stopped is known only by its URL. */
  async function find(tab: number): Promise<readonly number[]> {
    const mine = opened.get(tab);
    if (mine !== undefined && (await promptWindow.isOpen(mine))) return [mine];
    return promptWindow.find(pageOf(tab));
  }
}
