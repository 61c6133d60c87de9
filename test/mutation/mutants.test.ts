import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mutantsOf, sample } from './mutants.ts';

const changesOf = (text: string) => mutantsOf('core/x.ts', text).map(({ operator, is }) => `${operator}: ${is}`);

describe('the operators', () => {
  const CASES: readonly (readonly [source: string, changes: readonly string[]])[] = [
    ['f(a === b);', ['effect: ;', 'comparison: f(a !== b);']],
    ['x = a < b;', ['effect: ;', 'comparison: x = a <= b;', 'comparison: x = a >= b;']],
    ['const x = a && b;', ['logic: const x = a || b;']],
    ['const x = a ?? b;', ['logic: const x = a;']],
    ['const x = a - b;', ['arithmetic: const x = a + b;']],
    ["const x = a + 's';", []],
    ['if (a) return;', ['condition: if (true) return;', 'condition: if (false) return;']],
    ['const x = !a;', ['negation: const x = a;']],
    [
      'const x = [true, 0, 1, 60_000];',
      ['false, 0, 1, 60_000', 'true, 1, 1, 60_000', 'true, 0, 0, 60_000', 'true, 0, 1, 6000000'].map(
        (is) => `constant: const x = [${is}];`,
      ),
    ],
    ['const x = a.some(b);', ['method: const x = a.every(b);']],
    ['const x = a.filter(b).map(c);', ['method: const x = a.map(c);']],
    ['await a();', ['effect: ;']],
    ["log.info('x');", []],
    ['interface X { readonly a: true; readonly b: 5 }', []],
    ['const x: 5 | true = a as 7;', []],
  ];
  for (const [source, changes] of CASES) {
    it(`change ${source}`, () => assert.deepEqual(changesOf(wrapped(source)), changes.map(wrappedChange)));
  }

  it('leave the rest of the file as it is, and say the line', () => {
    const [mutant] = mutantsOf('core/x.ts', 'const a: number = b;\nconst c = d > e; // “why”\n');
    assert.equal(mutant?.line, 2);
    assert.equal(mutant?.was, 'const c = d > e; // “why”');
    assert.equal(mutant?.text, 'const a: number = b;\nconst c = d >= e; // “why”\n');
  });
});

describe('the sample', () => {
  const mutants = mutantsOf('core/x.ts', Array.from({ length: 40 }, (_, at) => `const x${at} = a${at} < b;`).join('\n'));

  it('is the same for one seed, and another for another', () => {
    assert.deepEqual(sample(mutants, 10, 'one'), sample(mutants, 10, 'one'));
    assert.notDeepEqual(sample(mutants, 10, 'one'), sample(mutants, 10, 'two'));
  });

  it('keeps what was chosen when others are gone', () => {
    const chosen = sample(mutants, 10, 'one');
    const fewer = mutants.filter((mutant) => chosen.includes(mutant) || mutant.line % 2 === 0);
    assert.deepEqual(sample(fewer, 10, 'one'), chosen);
  });
});

/** A return needs a function around it. */
function wrapped(source: string): string {
  return source.includes('return') ? `function f() { ${source} }` : source;
}

function wrappedChange(change: string): string {
  const [operator, is] = [change.slice(0, change.indexOf(': ')), change.slice(change.indexOf(': ') + 2)];
  return is.includes('return') ? `${operator}: ${wrapped(is)}` : change;
}
