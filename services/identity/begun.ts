/**
 * Sign-ins that have begun and are not finished. Anybody can begin any number, so until somebody has signed in what the provider has
 * to remember of one is sealed into a cookie of that browser; only a finished one gets a row.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';

export interface Begun {
  /** Runs a request: the adapter reads and sets its cookies. */
  within<T>(request: IncomingMessage, response: ServerResponse, work: () => T): T;
  /** The provider's storage for its model `Interaction`; `records`: that in the database. */
  adapter(records: Adapter): Adapter;
}

const COOKIE = 'holdfast-begun';
/** Browsers keep 4,096 bytes of name, value and attributes. */
const COOKIE_CHARACTERS = 3_800;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const Sealed = v.object({ id: v.string(), until: v.number(), payload: v.record(v.string(), v.unknown()) });

/** `key`: any secret; `now` in ms; `secure`: behind TLS. */
export function openBegun({ key, secure, now }: { key: string; secure: boolean; now: () => number }): Begun {
  const sealing = Buffer.from(hkdfSync('sha256', key, '', 'holdfast begun sign-in', 32));
  const requests = new AsyncLocalStorage<{ readonly request: IncomingMessage; readonly response: ServerResponse }>();
  const set = (id: string, value: string, seconds: number) => {
    const attributes = `Path=/interaction/${id}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}; Max-Age=${seconds}`;
    requests.getStore()?.response.appendHeader('set-cookie', `${COOKIE}=${value}; ${attributes}`);
  };
  const read = (id: string): AdapterPayload | undefined => {
    const pairs = (requests.getStore()?.request.headers.cookie ?? '').split(/; */u);
    for (const pair of pairs) {
      const text = pair.startsWith(`${COOKIE}=`) ? unseal(sealing, pair.slice(COOKIE.length + 1)) : undefined;
      const sealed = text === undefined ? undefined : parseJson(Sealed, text, LIMITS.requestBodyBytes, 'internal');
      if (sealed?.id === id && sealed.until >= now()) return sealed.payload;
    }
    return undefined;
  };
  return {
    within: (request, response, work) => requests.run({ request, response }, work),
    adapter: (records) => ({
      ...records,
      async upsert(id, payload, expiresIn = 0) {
        if (payload['result'] !== undefined) return records.upsert(id, payload, expiresIn);
        const value = seal(sealing, JSON.stringify({ id, until: now() + expiresIn * 1_000, payload }));
        if (value.length > COOKIE_CHARACTERS) throw new HoldfastError('too_large', { reason: 'limit', limit: COOKIE_CHARACTERS });
        set(id, value, expiresIn);
      },
      find: async (id) => (await records.find(id)) ?? read(id),
      async destroy(id) {
        set(id, '', 0);
        await records.destroy(id);
      },
    }),
  };
}

function seal(key: Buffer, text: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

function unseal(key: Buffer, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString();
  } catch {
    return undefined;
  }
}
