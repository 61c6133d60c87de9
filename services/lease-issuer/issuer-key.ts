/** The issuer's signing key: read from its file, and again when a new root bundle comes (a rotation replaces both). */
import { HoldfastError } from '#protocol/errors';
import type { Ed25519PrivateJwk } from '#protocol/jose';
import type { Component } from '#runtime/component/component';
import { readKey } from '#runtime/jose/key-file';
import { thumbprint } from '#runtime/jose/primitives';
import { publicHalf } from '#runtime/jose/sign';
import type { Log } from '#runtime/log/log';

export interface IssuerKey {
  /** Throws `unavailable` when nobody would accept its signatures. */
  current(): Ed25519PrivateJwk;
  complaint(): HoldfastError | undefined;
}

/** Throws `bad_config` when the file is missing or holds something else. */
export async function openIssuerKey(file: string, { trust, onTrust }: Pick<Component, 'trust' | 'onTrust'>, log: Log): Promise<IssuerKey> {
  let key = await readKey(file);
  onTrust(() => {
    readKey(file).then(
      (read) => {
        key = read;
      },
      (err: unknown) => log.error({ err }, 'Cannot reload the issuer’s key.'),
    );
  });
  const complaint = () => {
    const { bundle } = trust();
    if (bundle.exp < Date.now() / 1_000) return new HoldfastError('unavailable', { reason: 'root-expired' });
    const kid = thumbprint(publicHalf(key));
    const isNamed = bundle.roles.issuer.some((known) => thumbprint(known) === kid);
    return isNamed ? undefined : new HoldfastError('unavailable', { reason: 'key-unnamed', path: file });
  };
  return {
    current() {
      const why = complaint();
      if (why !== undefined) throw why;
      return key;
    },
    complaint,
  };
}
