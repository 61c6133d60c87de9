/** Medians of interleaved runs: what is compared runs A B A B in one go, so that a slow minute hits both. */

export interface Figure {
  readonly id: string;
  readonly figure: number;
  readonly unit: string;
  /** what it is measured against in the same run, in the same unit; null where the target is absolute */
  readonly peer: number | null;
  readonly ratio: number | null;
  readonly target: string;
  readonly holds: boolean;
  readonly what: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Milliseconds that the call takes. */
export async function timed(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Runs each contender `rounds` times, in turn, after one round that does not count; milliseconds of each. */
export async function interleaved<K extends string>(contenders: Record<K, () => unknown>, rounds: number): Promise<Record<K, number[]>> {
  const names = Object.keys(contenders) as K[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (const name of names) await contenders[name]();
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times[name].push(await timed(contenders[name]));
  }
  return times;
}

/** A figure beside its target; `atMost` and `atLeast` bound the figure itself, `ratioAtMost` and `ratioAtLeast` its ratio to the peer. */
export function judge(
  id: string,
  what: string,
  figure: number,
  unit: string,
  bound: { atMost?: number; atLeast?: number; ratioAtMost?: number; ratioAtLeast?: number },
  peer: number | null = null,
): Figure {
  const ratio = peer === null ? null : figure / peer;
  const checks = [
    bound.atMost !== undefined && { text: `<= ${bound.atMost} ${unit}`, holds: figure <= bound.atMost },
    bound.atLeast !== undefined && { text: `>= ${bound.atLeast} ${unit}`, holds: figure >= bound.atLeast },
    bound.ratioAtMost !== undefined && { text: `<= ${bound.ratioAtMost} x peer`, holds: ratio !== null && ratio <= bound.ratioAtMost },
    bound.ratioAtLeast !== undefined && { text: `>= ${bound.ratioAtLeast} x peer`, holds: ratio !== null && ratio >= bound.ratioAtLeast },
  ].filter((check) => check !== false);
  return {
    id,
    what,
    figure: round(figure),
    unit,
    peer: peer === null ? null : round(peer),
    ratio: ratio === null ? null : round(ratio),
    target: checks.map(({ text }) => text).join(', '),
    holds: checks.length > 0 && checks.every(({ holds }) => holds),
  };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
