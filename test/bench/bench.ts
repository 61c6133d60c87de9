/**
 * `npm run bench [-- --json] [-- --only P1,P5]`: every figure beside its target and its peer of the same run (docs/performance.md).
 * Prints one line a figure, or with --json the list `{id, figure, unit, peer, ratio, target, holds, what}`.
 */
import { parseArgs } from 'node:util';
import type { Figure } from './measure.ts';

const MEASURES: Readonly<Record<string, readonly (() => Promise<{ measure(): Promise<Figure[]> }>)[]>> = {
  P1: [() => import('./p1-offline-list.ts')],
  P2: [() => import('./p2-outage-verdict.ts')],
  P4: [() => import('./p4-launch.ts')],
  P5: [() => import('./p5-lease-files.ts'), () => import('./p5-lease-sync.ts')],
  P8: [() => import('./p8-native-host.ts')],
  P9: [() => import('./p9-sizes.ts')],
  FLOOD: [() => import('./flood.ts')],
  MEM: [() => import('./mem-up.ts')],
};

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, only: { type: 'string' } } });
const wanted = values.only?.split(',') ?? Object.keys(MEASURES);
const unknown = wanted.filter((id) => !Object.hasOwn(MEASURES, id));
if (unknown.length > 0) {
  console.error(`There is no measure ${unknown.join(', ')}. Choose from ${Object.keys(MEASURES).join(', ')}.`);
  process.exit(2);
}

const figures: Figure[] = [];
for (const id of wanted) {
  for (const load of MEASURES[id] ?? []) {
    const { measure } = await load();
    for (const figure of await measure()) {
      figures.push(figure);
      if (!values.json) console.log(line(figure));
    }
  }
}
if (values.json) console.log(JSON.stringify(figures, null, 1));

function line({ id, what, figure, unit, peer, ratio, target, holds }: Figure): string {
  const beside = peer === null ? '' : `, peer ${peer} ${unit}, ratio ${ratio}`;
  return `${id}  ${holds ? 'holds ' : 'MISSES'}  ${what}: ${figure} ${unit}${beside} (target ${target})`;
}
