/** The terminal of `up`: draws the screen, asks for health every two seconds, and turns keys into faults. */
import { emitKeypressEvents } from 'node:readline';
import type { Fault } from './fault.ts';
import { GROUPS, HOST, portsOf } from './plan.ts';
import { askHealth } from './readiness.ts';
import type { Supervisor } from './supervisor.ts';
import { draw, type Row } from './terminal-screen.ts';

export interface TerminalOptions {
  readonly supervisor: Supervisor;
  readonly base: number;
  readonly url: string;
  readonly users: readonly { readonly name: string; readonly password: string }[];
  /** said below the table at first */
  readonly message: string;
  openBrowser(): void;
  quit(): void;
  readonly signal: AbortSignal;
}

const POLL_MS = 2_000;
/** With these two and every component the table fits 24 lines; the locations are groups of `holdfast outage` too. */
export const SHOWN_GROUPS = ['cloud', 'pops'] as const;
const FAULT_KEYS: Readonly<Record<string, Fault>> = { s: 'stop', h: 'hang', e: 'error', w: 'slow', r: 'restore' };
const DONE: Readonly<Record<Fault, string>> = {
  stop: 'is stopped',
  hang: 'hangs',
  error: 'answers errors',
  slow: 'is slow',
  restore: 'is restored',
};
const ALTERNATE_SCREEN = ['\u001b[?1049h\u001b[?25l', '\u001b[?25h\u001b[?1049l'] as const;
const HOME = '\u001b[H';
const REST_OF_LINE = '\u001b[K';
const REST_OF_SCREEN = '\u001b[J';

/** Returns how to redraw after a change. */
export function openTerminal(options: TerminalOptions): () => void {
  const { supervisor, base, signal } = options;
  const { stdin, stdout } = process;
  const health = new Map<string, string>();
  let selected = 0;
  let message = options.message;

  const rows = (): Row[] => [
    ...SHOWN_GROUPS.map((name): Row => ({ name, kind: 'group', standing: 'group', health: summary(name), address: 'all of them' })),
    ...supervisor.components().map(
      ({ component, standing }): Row => ({
        name: component.name,
        kind: component.service,
        standing,
        health: health.get(component.name),
        address: `${HOST}:${portsOf(component, base).port}`,
      }),
    ),
  ];
  const summary = (group: string): string => {
    const members = supervisor.components().filter(({ component }) => GROUPS[group]?.(component));
    return `${members.filter(({ standing }) => standing === 'up').length} of ${members.length} up`;
  };
  const redraw = () => {
    if (signal.aborted) return;
    const screen = { ...options, rows: rows(), selected, message, columns: stdout.columns, lines: stdout.rows };
    stdout.write(`${HOME}${draw(screen).join(`${REST_OF_LINE}\r\n`)}${REST_OF_LINE}${REST_OF_SCREEN}`);
  };
  const say = (text: string) => {
    message = text;
    redraw();
  };
  const apply = (name: string, fault: Fault) => {
    say(`${name}: ${fault} ...`);
    supervisor.apply(name, fault).then(
      () => say(`${name} ${DONE[fault]}.`),
      (error: unknown) => say(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)),
    );
  };
  const onKey = (text: string | undefined, key: { name?: string; ctrl?: boolean }) => {
    const fault = FAULT_KEYS[text ?? ''];
    const chosen = rows()[selected];
    if (fault !== undefined && chosen !== undefined) apply(chosen.name, fault);
    else if (text === 'R') for (const group of supervisor.components()) apply(group.component.name, 'restore');
    else if (text === 'b') options.openBrowser();
    else if (text === 'q' || (key.ctrl === true && key.name === 'c')) options.quit();
    else if (key.name === 'up' || text === 'k') selected = Math.max(0, selected - 1);
    else if (key.name === 'down' || text === 'j') selected = Math.min(rows().length - 1, selected + 1);
    redraw();
  };
  const poll = async () => {
    await Promise.all(
      supervisor.components().map(async ({ component }) => {
        health.set(component.name, await askHealth(component, base));
      }),
    );
    redraw();
  };

  stdout.write(ALTERNATE_SCREEN[0]);
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.on('keypress', onKey);
  stdin.resume();
  stdout.on('resize', redraw);
  const timer = setInterval(() => void poll(), POLL_MS);
  void poll();
  redraw();
  signal.addEventListener(
    'abort',
    () => {
      clearInterval(timer);
      stdin.setRawMode(false);
      stdin.pause();
      stdout.off('resize', redraw);
      stdout.write(ALTERNATE_SCREEN[1]);
    },
    { once: true },
  );
  return redraw;
}
