/** The whole catalogue, for command lines and logs: operators' words before people's. Apart, so that no page for people carries it. */
import type { Catalogue } from '../words.ts';
import { operators, people } from './language.ts';

const told = new Map<string, Readonly<Record<string, string>>>(Object.entries(people.reasons));
for (const [code, reasons] of Object.entries(operators.reasons)) told.set(code, { ...told.get(code), ...reasons });

export const everything: Catalogue = {
  codes: { ...people.codes, ...operators.codes },
  causes: people.causes,
  reasons: Object.fromEntries(told),
};
