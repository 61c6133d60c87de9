/**
 * `npm run mutants -- PATH ...`: tries every mutant of these sources or folders, or with `--count N` so many of them, and shows those
 * that no test noticed. `--all` shows every one, `--seed WORDS` chooses others, `--jobs N` tries so many side by side.
 */
import { parseArgs } from 'node:util';
import { answerNeeds } from '../runner/need.ts';
import { lineOf, mutantsBelow, shareNoticed, tryMutants } from './mutation.ts';

const { values, positionals } = parseArgs({
  options: { count: { type: 'string' }, seed: { type: 'string' }, jobs: { type: 'string' }, all: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const mutants = mutantsBelow(positionals);
if (mutants.length === 0) {
  console.error('Name sources or folders: npm run mutants -- core/lease');
  process.exit(2);
}
const needs = await answerNeeds();
try {
  const tried = await tryMutants(mutants, {
    count: numberOf(values.count),
    seed: values.seed,
    jobs: numberOf(values.jobs),
    tell: (one) => {
      if (values.all || one.came === 'survived') console.log(lineOf(one));
    },
  });
  const counts = Object.entries(Object.groupBy(tried, ({ came }) => came)).map(([came, those]) => `${those?.length} ${came}`);
  console.log(
    `${tried.length} of ${mutants.length} mutants tried: ${counts.join(', ')}; ${(shareNoticed(tried) * 100).toFixed(1)} % noticed`,
  );
} finally {
  await needs.end();
}

function numberOf(words: string | undefined): number | undefined {
  return words === undefined ? undefined : Number(words);
}
