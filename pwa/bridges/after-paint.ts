/** Loads the second script, whose address the page names. */
type AfterPaint = typeof import('../after-paint.ts');

/** Only there while the first script runs. */
const address = document.currentScript?.dataset['afterPaint'];

/** Rejects when neither cache nor network has it. */
export async function loadAfterPaint(): Promise<AfterPaint> {
  if (address === undefined) throw new Error('the page names no second script');
  const loaded: AfterPaint = await import(address);
  return loaded;
}
