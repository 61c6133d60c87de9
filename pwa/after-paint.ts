/** The portal's second script: what the first paint does without. */
export { detailsOf } from '#protocol/details';
export { driveKept } from './app/kept.ts';
export { driveLosses } from './app/losses.ts';
export { keepShell } from './bridges/shell.ts';
export { noticesOf } from './view/notices.ts';
export { readinessOf } from './view/readiness.ts';
export { wordsFor } from './view/sentences.ts';
