/** The portal's second script: what the first paint does without. */
export { keepShell } from './bridges/shell.ts';
export { wordsFor } from './view/sentences.ts';
