/** The portal's second script: what the first paint does without. */
export { driveLosses } from './app/losses.ts';
export { keepShell } from './bridges/shell.ts';
export { noticesOf } from './view/notices.ts';
export { wordsFor } from './view/sentences.ts';
