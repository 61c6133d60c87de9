/** A person who is signed in, with what the portal and the native host ask of the Workspace for them. */
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { CSRF_HEADER, DeviceReply, LeaseSyncLine, type LeaseSyncRequest, PortalSession } from '#protocol/workspace-api';
import type { Endings } from '../../cli/up/endings.ts';
import { type Answer, type Browser, openBrowser } from './cookie-browser.ts';
import type { TestDevice } from './device.ts';
import type { WholeCloud } from './whole-cloud.ts';

export interface Person {
  readonly session: PortalSession;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: object, headers?: Record<string, string>): Promise<Answer>;
  deviceToken(device: TestDevice): Promise<string>;
  sync(request: LeaseSyncRequest): Promise<readonly LeaseSyncLine[]>;
}

export async function signIn(t: Endings, { origin }: Pick<WholeCloud, 'origin'>, username: string, password: string): Promise<Person> {
  const browser = openBrowser(t);
  await browser.submit(await browser.open(`${origin}/auth/sign-in?next=/`), { username, password });
  return personIn(browser, origin);
}

/** Whoever is signed in there. */
export async function personIn(browser: Browser, origin: string): Promise<Person> {
  const session = parseJson(PortalSession, (await browser.ask(`${origin}/api/v1/session`)).text, LIMITS.requestBodyBytes);
  const post: Person['post'] = (path, body, headers = {}) =>
    browser.ask(`${origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [CSRF_HEADER]: session.csrf, ...headers },
      body: JSON.stringify(body),
    });
  return {
    session,
    get: (path, headers = {}) => browser.ask(`${origin}${path}`, { headers }),
    post,
    async deviceToken(device) {
      const answer = await post('/api/v1/devices', device.deviceRequest(origin, session.deviceNonce));
      return parseJson(DeviceReply, answer.text, LIMITS.requestBodyBytes).token;
    },
    async sync(request) {
      const { text } = await post('/api/v1/lease-sync', request);
      return text
        .trimEnd()
        .split('\n')
        .map((line) => parseJson(LeaseSyncLine, line, LIMITS.leaseSyncLineBytes));
    },
  };
}
