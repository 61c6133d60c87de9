/** `holdfast up`: options in, terminal or JSON out. */
import { join } from 'node:path';
import { PROJECT_DIR } from '../project-dir.ts';
import { endOnSignals } from '../up/end-on-signals.ts';
import { openEndings } from '../up/endings.ts';
import { DEFAULT_PORT_BASE } from '../up/plan.ts';
import { plainWords, sharedWords } from '../up/report.ts';
import { openTerminal } from '../up/terminal.ts';
import { bringUp } from '../up/up.ts';
import { numberOption } from './number-option.ts';

export interface UpFlags {
  readonly json?: boolean;
  readonly headless?: boolean;
  /** commander's way of saying `--no-browser` */
  readonly browser?: boolean;
  readonly portBase?: string;
  readonly data?: string;
}

export const DEFAULT_DATA = join(PROJECT_DIR, '.holdfast');

export async function up(flags: UpFlags): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const endings = openEndings();
  endOnSignals(controller);
  const interactive = flags.json !== true && process.stdin.isTTY && process.stdout.isTTY;
  let redraw: () => void = () => undefined;
  try {
    const running = await bringUp({
      projectDir: PROJECT_DIR,
      portBase: numberOption('--port-base', flags.portBase, DEFAULT_PORT_BASE),
      data: flags.data ?? DEFAULT_DATA,
      browser: browserMode(flags),
      signal,
      endings,
      say: (line) => flags.json !== true && process.stderr.write(`${line}\n`),
      onChange: () => redraw(),
    });
    const { report, supervisor, openBrowser } = running;
    if (flags.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
    else if (!interactive) process.stdout.write(plainWords(report));
    else {
      const quit = () => controller.abort();
      const message = [...report.missing.map(({ name, why }) => `left out: ${name}: ${why}`), ...sharedWords(report)].join('  ');
      redraw = openTerminal({
        supervisor,
        base: numberOption('--port-base', flags.portBase, DEFAULT_PORT_BASE),
        url: report.workspaceUrl,
        users: report.users,
        message,
        openBrowser,
        quit,
        signal,
      });
    }
    await untilAborted(signal);
  } catch (error) {
    // Asked to end while it was starting: no fault of anybody's.
    if (!signal.aborted) throw error;
  } finally {
    controller.abort();
    await endings.end().catch((error: Error) => process.stderr.write(`While ending: ${error.message}\n`));
  }
}

/** Without a display there is no window to open, and saying so beats a browser that dies at once. */
function browserMode({ headless, browser }: UpFlags): 'window' | 'headless' | 'none' {
  if (browser === false) return 'none';
  if (headless === true) return 'headless';
  const display = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  if (!display) process.stderr.write('There is no display here, so no browser window is opened.\n');
  return display ? 'window' : 'none';
}

/** A timer keeps the process alive meanwhile: nothing else of ours has to. */
function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(alive);
        resolve();
      },
      { once: true },
    );
  });
}
