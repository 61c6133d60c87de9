/** A browser's part in a sign-in: a cookie jar for each host, redirects followed by hand, forms sent. */

import { Agent, request } from 'undici';
import { lookup } from '#runtime/tls/lookup';
import type { Endings } from '../../cli/up/endings.ts';

export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Browser {
  /** one request, redirects not followed */
  ask(url: string, options?: { method?: 'GET' | 'POST' | 'PUT'; headers?: Record<string, string>; body?: string }): Promise<Answer>;
  /** follows redirects until there is a page */
  open(url: string): Promise<Answer>;
  /** sends the page's only form with these fields, then follows redirects */
  submit(page: Answer, fields: Record<string, string>): Promise<Answer>;
  /** what it would send there now, as a `Cookie` header */
  cookiesOf(url: string): string;
  /** deletes that host's cookies */
  forget(url: string): void;
}

const REDIRECTS_MAX = 10;

/** Ended with the test. `ca`: an authority that it trusts, PEM */
export function openBrowser(t: Endings, { ca }: { readonly ca?: string } = {}): Browser {
  const agent = new Agent({ connect: { lookup, ...(ca !== undefined && { ca }) } });
  t.after(() => agent.close());
  const jar = new Map<string, Map<string, string>>();
  const remember = (host: string, headers: Answer['headers']) => {
    const cookies = jar.get(host) ?? new Map<string, string>();
    jar.set(host, cookies);
    for (const line of [headers['set-cookie'] ?? []].flat()) {
      const [pair = '', ...attributes] = line.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      const gone = attributes.some((one) => /^\s*(?:max-age=0|expires=thu, 01 jan 1970.*)$/iu.test(one));
      if (gone) cookies.delete(name);
      else cookies.set(name, pair.slice(name.length + 1));
    }
  };
  const cookiesOf = (url: string) => [...(jar.get(new URL(url).hostname) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  const ask: Browser['ask'] = async (url, { method = 'GET', headers = {}, body } = {}) => {
    const { hostname } = new URL(url);
    const cookies = cookiesOf(url);
    const answer = await request(url, {
      method,
      dispatcher: agent,
      headers: { accept: 'text/html', ...(cookies !== '' && { cookie: cookies }), ...headers },
      ...(body !== undefined && { body }),
    });
    remember(hostname, answer.headers);
    return { url, status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  };
  const follow = async (answer: Answer, left = REDIRECTS_MAX): Promise<Answer> => {
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status > 399 || typeof location !== 'string') return answer;
    if (left === 0) throw new Error('Redirects go round in circles.');
    return follow(await ask(new URL(location, answer.url).href), left - 1);
  };
  return {
    ask,
    cookiesOf,
    forget: (url) => void jar.delete(new URL(url).hostname),
    open: async (url) => follow(await ask(url)),
    submit: async (page, fields) => {
      const action = /<form[^>]* action="([^"]+)"/u.exec(page.text)?.[1];
      if (action === undefined) throw new Error(`There is no form on the page: ${page.text}`);
      const url = new URL(action, page.url).href;
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return follow(await ask(url, { method: 'POST', headers, body: new URLSearchParams(fields).toString() }));
    },
  };
}
