/** The one browser window of `up`: opened when there is none, ended with `up`. */
import { type BrowserStart, type RunningBrowser, startBrowser } from './browser.ts';
import type { Endings } from './endings.ts';
import type { RunKeeper } from './run-record.ts';

export interface WindowOwner {
  readonly run: RunKeeper;
  readonly endings: Endings;
  say(line: string): void;
}

export function windowOpener(start: BrowserStart, { run, endings, say }: WindowOwner): () => void {
  let open: RunningBrowser | undefined;
  endings.after(() => open?.end());
  run.watch(() => (open?.identity === undefined ? [] : [open.identity]));
  return () => {
    if (open !== undefined) return;
    const browser = startBrowser(start);
    open = browser;
    run.update();
    browser.opened.catch((error: unknown) => say(`The browser window: ${error instanceof Error ? error.message : String(error)}`));
    browser.child.once('exit', () => {
      if (open === browser) open = undefined;
    });
  };
}
