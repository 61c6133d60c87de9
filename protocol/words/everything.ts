/** The whole catalogue, for command lines, logs and the services' own pages. Apart, so that no page for people carries it. */
import type { Catalogue } from '../words.ts';
import { operators, people } from './language.ts';

export const everything: Catalogue = { ...people, reasons: { ...people.reasons, ...operators.reasons } };
