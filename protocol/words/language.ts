/** The language that Holdfast speaks. Another one is a file beside `en.ts`, named here. */
import type { Catalogue } from '../words.ts';
import { operators, people } from './en.ts';

export { causes, people } from './en.ts';

/** For command lines, logs and the services' own pages. */
export const everything: Catalogue = { ...people, reasons: { ...people.reasons, ...operators.reasons } };
