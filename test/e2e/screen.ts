/** A screen for the viewers' windows: an X server in memory, its pixels, its keyboard. */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { inFamily } from '../../cli/up/component-process.ts';
import { findProgram } from '../setup/find.ts';
import { until } from '../until.ts';

export interface Screen {
  /** `:N` */
  readonly display: string;
  /** titles of the windows on it */
  windows(): readonly string[];
  /** distinct colours of everything that is shown: 1 is an empty screen */
  colours(): number;
  /** share of pixels in this colour, 0 to 1; `#rrggbb` */
  shareOf(colour: string): number;
  /** types into whatever the pointer is over, which is moved to the middle of the window of that title first */
  type(windowTitle: RegExp, text: string): void;
  /** types into whatever has the keyboard, with a pause after each key */
  keys(text: string, pauseMs: number): void;
  /** closes every window, as a person does: their sessions end */
  closeWindows(): Promise<void>;
  /** everything that is shown, as a PNG file */
  save(file: string): void;
  close(): Promise<void>;
}

const SIZE = '1280x800x24';

export async function openScreen(): Promise<Screen> {
  // Left alone, an X server starts anew when its last client goes, and refuses whoever comes meanwhile.
  const [file, ...args] = inFamily([needed('Xvfb'), '-displayfd', '3', '-screen', '0', SIZE, '-nolisten', 'tcp', '-noreset']);
  const server = spawn(file, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const display = `:${await numberFrom(server.stdio[3])}`;
  const env = { ...process.env, DISPLAY: display };
  const run = (name: string, args: readonly string[]): string => {
    const result = spawnSync(needed(name), args, { env, encoding: 'utf8', timeout: 10_000 });
    return result.status === 0 ? result.stdout : '';
  };
  const windowIds = (): string[] => run('xdotool', ['search', '--onlyvisible', '--name', '.+']).split('\n').filter(Boolean);
  const nameOf = (id: string) => run('xdotool', ['getwindowname', id]).trim();
  return {
    display,
    windows: () => windowIds().map(nameOf),
    colours: () => Number(run('convert', ['x:root', '-format', '%k', 'info:'])),
    shareOf(colour) {
      const mean = run('convert', [
        'x:root',
        '-fill',
        'black',
        '+opaque',
        colour,
        '-fill',
        'white',
        '-opaque',
        colour,
        '-format',
        '%[fx:mean]',
        'info:',
      ]);
      return Number(mean);
    },
    type(windowTitle, text) {
      const id = windowIds().find((one) => windowTitle.test(nameOf(one)));
      if (id === undefined) throw new Error(`No window ${windowTitle} on the screen.`);
      run('xdotool', ['mousemove', '--window', id, '60', '60']);
      run('xdotool', ['type', '--delay', '12', text]);
      run('xdotool', ['key', 'Return']);
    },
    keys: (text, pauseMs) => void run('xdotool', ['type', '--delay', String(pauseMs), text]),
    async closeWindows() {
      for (const id of windowIds()) run('xdotool', ['windowkill', id]);
      await until('no window is left', () => windowIds().length === 0);
    },
    save: (file) => void run('import', ['-window', 'root', file]),
    async close() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

/** Waits until a window of that title is there and shows something. */
export async function untilWindow(screen: Screen, title: RegExp, deadlineMs?: number): Promise<void> {
  await until(
    () => `a window ${title}; there are: ${screen.windows().join(', ') || 'none'}`,
    () => screen.windows().some((name) => title.test(name)),
    deadlineMs,
  );
  await until('something on the screen', () => screen.colours() > 1, deadlineMs);
}

async function numberFrom(stream: unknown): Promise<string> {
  if (!(stream instanceof Readable)) throw new TypeError('no descriptor for the display number');
  for await (const line of createInterface({ input: stream })) return line.trim();
  throw new Error('Xvfb did not start.');
}

function needed(name: string): string {
  const file = findProgram(name);
  if (file === undefined) throw new Error(`${name} is not installed; node test/setup/main.ts test installs it.`);
  return file;
}
