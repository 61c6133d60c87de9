/** The issuer's signing key: read from its file, and again when a new root bundle comes (a rotation replaces both). */
import { HoldfastError } from '#protocol/errors';
import { Ed25519PrivateJwk } from '#protocol/jose';
import { parseJson } from '#protocol/parse';
import type { Component } from '#runtime/component/component';
import { readIfThere } from '#runtime/files/private';
import { thumbprint } from '#runtime/jose/primitives';
import { publicHalf } from '#runtime/jose/sign';
import type { Log } from '#runtime/log/log';

export interface IssuerKey {
  /** Throws `unavailable` when nobody would believe what it signs. */
  current(): Ed25519PrivateJwk;
  complaint(): string | undefined;
}

const KEY_BYTES = 4_096;

/** Throws `bad_config` when the file is missing or holds something else. */
export async function openIssuerKey(file: string, { trust, onTrust }: Component, log: Log): Promise<IssuerKey> {
  let key = await read(file);
  onTrust(() => {
    read(file).then(
      (read) => {
        key = read;
      },
      (err: unknown) => log.error({ err }, 'The issuer’s key can’t be read again.'),
    );
  });
  const complaint = () => {
    const { bundle } = trust();
    if (bundle.exp < Date.now() / 1_000) return 'The root bundle has expired: no leases are issued until it is rotated.';
    const kid = thumbprint(publicHalf(key));
    return bundle.roles.issuer.some((known) => thumbprint(known) === kid) ? undefined : `The root bundle does not name the key in ${file}.`;
  };
  return {
    current() {
      const why = complaint();
      if (why !== undefined) throw new HoldfastError('unavailable', why);
      return key;
    },
    complaint,
  };
}

async function read(file: string): Promise<Ed25519PrivateJwk> {
  const text = await readIfThere(file);
  if (text === undefined) throw new HoldfastError('bad_config', `The key file ${file} is missing.`);
  return parseJson(Ed25519PrivateJwk, text, KEY_BYTES, 'bad_config');
}
