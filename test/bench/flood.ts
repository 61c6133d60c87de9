/**
 * FLOOD: what honest requests take while one source floods a listener, beside what the same ones took just before. Services, honest
 * callers and the flood share this process and its processors, so that the flood's own work counts against us, too.
 */
import { openEndings } from '../../cli/up/endings.ts';
import { startFlood } from '../flood.ts';
import { FLOODS, type Flooded, openFlooded } from '../services/floods.ts';
import { type Figure, interleaved, judge, median, percentile } from './measure.ts';

const ROUNDS = 30;
/** ms: of the deadlines for what is asked here the shortest, that of a launch file (B-S1) */
const DEADLINE_MS = 1_200;
/** ms: what is late is measured, not cut */
const PATIENCE_MS = 60_000;

export async function measure(): Promise<Figure[]> {
  const endings = openEndings();
  try {
    const flooded = await openFlooded(endings);
    const figures: Figure[] = [];
    for (const [name, floodOf] of Object.entries(FLOODS)) {
      const calm = await times(flooded);
      const running = await startFlood(floodOf(flooded));
      try {
        const under = await times(flooded);
        for (const [what, took] of Object.entries(under)) figures.push(...compared(`${what} under ${name}`, took, calm[what] ?? []));
      } finally {
        await running.stop();
      }
    }
    return figures;
  } finally {
    await endings.end();
  }
}

function times({ honest }: Flooded): Promise<Record<string, number[]>> {
  const asked = Object.entries(honest).map(([what, ask]) => [what, () => ask(PATIENCE_MS)]);
  return interleaved(Object.fromEntries(asked), ROUNDS);
}

function compared(what: string, under: readonly number[], calm: readonly number[]): Figure[] {
  const p95 = (of: readonly number[]) => percentile(of, 0.95);
  const bound = { atMost: DEADLINE_MS };
  return [
    judge('FLOOD', `${what}, median (peer: calm)`, median(under), 'ms', bound, median(calm)),
    judge('FLOOD', `${what}, p95 (peer: calm)`, p95(under), 'ms', bound, p95(calm)),
  ];
}
