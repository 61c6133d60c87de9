/** One request to a service of `up` by its public name, which is all that it answers to. */
import { Agent, request } from 'undici';
import { lookup } from '#runtime/tls/lookup';

/** Without following redirects. Rejects with `TimeoutError` after 1.5 s. */
export async function askByName(url: string): Promise<{ status: number; text: string }> {
  const dispatcher = new Agent({ connect: { lookup } });
  try {
    const answer = await request(url, { dispatcher, signal: AbortSignal.timeout(1_500) });
    return { status: answer.statusCode, text: await answer.body.text() };
  } finally {
    await dispatcher.destroy();
  }
}
