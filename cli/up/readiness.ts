/** Asks every component's management port how it is, with a deadline: a hung one must not hold the screen up. */
import { get } from 'node:http';
import * as v from 'valibot';
import { lookUntil } from '../look-until.ts';
import { type Component, HOST, portsOf } from './plan.ts';

const DEADLINE_MS = 800;
const MAX_BYTES = 65_536;
const Ready = v.object({ ready: v.boolean(), checks: v.array(v.object({ name: v.string(), ok: v.boolean() })) });

/** One or two words: `ready`, the names of the checks that fail, `no answer`. */
export async function askHealth(component: Component, base: number): Promise<string> {
  const text = await fetchText(portsOf(component, base).management);
  if (text === undefined) return 'no answer';
  try {
    const { ready, checks } = v.parse(Ready, JSON.parse(text));
    if (ready) return READY;
    return `not: ${checks.flatMap(({ name, ok }) => (ok ? [] : [name])).join(', ')}`;
  } catch {
    return 'bad answer';
  }
}

const READY = 'ready';
const READY_DEADLINE_MS = 20_000;
const LOOK_EVERY_MS = 200;

/**
 * Listening is not ready: connectors copy the site, session hosts register, gateways are dialled. Waits until every part says so;
 * a part that does not in time shows it on the screen and keeps nobody waiting.
 */
export async function untilReady(components: readonly Component[], base: number, signal: AbortSignal): Promise<void> {
  let waiting = components;
  const allReady = async () => {
    const said = await Promise.all(waiting.map(async (component) => [component, await askHealth(component, base)] as const));
    waiting = said.filter(([, health]) => health !== READY).map(([component]) => component);
    return waiting.length === 0;
  };
  await lookUntil(allReady, { everyMs: LOOK_EVERY_MS, forMs: READY_DEADLINE_MS, signal });
}

function fetchText(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get({ host: HOST, port, path: '/readyz', agent: false, signal: AbortSignal.timeout(DEADLINE_MS) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > MAX_BYTES) request.destroy();
      });
      response.on('end', () => resolve(text));
      response.on('error', () => resolve(undefined));
    });
    request.on('error', () => resolve(undefined));
  });
}
