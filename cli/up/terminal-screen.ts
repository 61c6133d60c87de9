/** What the terminal shows. Pure: state in, lines out; fits 80 columns and 24 lines, and any smaller height by scrolling. */
import type { Standing } from './fault.ts';

export interface Row {
  readonly name: string;
  readonly kind: string;
  readonly standing: Standing | 'group';
  /** what /readyz says: a line in words, or `undefined` while it was not asked yet */
  readonly health: string | undefined;
  readonly address: string;
}

export interface Screen {
  readonly url: string;
  readonly users: readonly { readonly name: string; readonly password: string }[];
  readonly rows: readonly Row[];
  readonly selected: number;
  readonly message: string;
  readonly columns: number;
  readonly lines: number;
}

const KEYS = '↑↓ choose  s stop  h hang  e error  w slow  r restore  R all  b browser  q quit';

/** Title, people, header above the rows; message and keys below. */
const FRAME_LINES = 5;
const MARK: Readonly<Record<Row['standing'], string>> = {
  up: '●',
  starting: '○',
  stopped: '■',
  hung: '‖',
  error: '▲',
  slow: '~',
  failed: '✕',
  group: ' ',
};
const WORD: Readonly<Record<Row['standing'], string>> = {
  up: 'up',
  starting: 'starting',
  stopped: 'stopped',
  hung: 'hangs',
  error: 'answers errors',
  slow: 'slow',
  failed: 'ended by itself',
  group: '',
};

export function draw(screen: Screen): string[] {
  const room = Math.max(1, screen.lines - FRAME_LINES);
  const first = Math.min(Math.max(0, screen.selected - room + 1), Math.max(0, screen.rows.length - room));
  const people = screen.users.map(({ name, password }) => `${name} ${password}`).join('   ');
  const rows = screen.rows.slice(first, first + room).map((row, index) => line(row, first + index === screen.selected));
  return [
    `${BOLD}Holdfast${PLAIN}  ${screen.url}`,
    `${DIM}Sign in as${PLAIN}  ${people}`,
    `${DIM}  ${'COMPONENT'.padEnd(22)}${'STATE'.padEnd(18)}${'HEALTH'.padEnd(18)}ADDRESS${PLAIN}`,
    ...rows,
    screen.message,
    `${DIM}${KEYS}${PLAIN}`,
  ].map((text) => cut(text, screen.columns));
}

function line(row: Row, chosen: boolean): string {
  const cells = `${MARK[row.standing]} ${row.name.padEnd(22)}${WORD[row.standing].padEnd(18)}${(row.health ?? '').slice(0, 17).padEnd(18)}${row.address}`;
  return chosen ? `${REVERSE}${cells}${PLAIN}` : cells;
}

const BOLD = '\u001b[1m';
const DIM = '\u001b[2m';
const REVERSE = '\u001b[7m';
const PLAIN = '\u001b[0m';

/** At most that many visible characters; what only sets the look takes no room. */
function cut(text: string, columns: number): string {
  let room = columns;
  let out = '';
  for (const part of text.split(new RegExp(`(${ESCAPE}\\[\\d+m)`, 'u'))) {
    if (part.startsWith(ESCAPE)) out += part;
    else {
      const visible = Array.from(part).slice(0, room);
      room -= visible.length;
      out += visible.join('');
    }
  }
  return out;
}

const ESCAPE = '\u001b';
