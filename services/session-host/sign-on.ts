/** What the viewer needs to recognise the session server and to sign on: to the person's own account, for this session only. */
import { accountOf } from '#core/access/account';
import type { AttachedFrame } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import type { Grant } from '#protocol/lease';
import type { SessionServer } from '#protocol/session-server';
import { oneTimePassword } from './one-time-password.ts';
import { recognition } from './server-files.ts';
import { sshCertificate } from './ssh-certificate.ts';

export interface SignOn {
  /** told to the device */
  readonly tell: AttachedFrame['signOn'];
  /** From now on nothing that was told opens anything. Called when it was used, and when the session is over. */
  readonly spend: () => void;
}

/** Throws 3026 when this person has no account there. `undefined`: the server's own sign-in decides. */
export function accountFor({ signOn }: SessionServer, { user }: Pick<Grant, 'user'>): string | undefined {
  if (signOn.account === undefined) return undefined;
  const account = accountOf(signOn.account, user);
  if (account === undefined) throw new HoldfastError(3026, { reason: 'no-account' });
  return account;
}

/** Throws 3026 when something configured is missing, or the device brought no key where one is needed. */
export async function signOnFor(
  server: SessionServer,
  account: string | undefined,
  sshKey: string | undefined,
  grant: Grant,
): Promise<SignOn> {
  try {
    const known = await recognition(server);
    const { tell, spend } = await credentials(server, account, sshKey, grant);
    return { tell: { ...known, ...manner(server), ...tell }, spend };
  } catch (cause) {
    if (cause instanceof HoldfastError && cause.code === 3026) throw cause;
    throw new HoldfastError(3026, { reason: 'no-sign-on' }, { cause });
  }
}

/** What the server insists on. */
function manner({ protocol, nla, tls }: SessionServer): SignOn['tell'] {
  return { ...(protocol === 'rdp' && nla === true && { nla }), ...(protocol === 'vnc' && tls === true && { tls }) };
}

const NOTHING_TO_SPEND = () => {};

async function credentials(
  { protocol, signOn }: SessionServer,
  account: string | undefined,
  sshKey: string | undefined,
  grant: Grant,
): Promise<SignOn> {
  if (signOn.kind === 'ask') return { tell: account === undefined ? {} : { user: account }, spend: NOTHING_TO_SPEND };
  if (account === undefined) throw new HoldfastError(3026, { reason: 'no-account' });
  if (signOn.kind === 'one-time') {
    const { password, spend } = await oneTimePassword(signOn.helper, account);
    // VNC's own password belongs to a screen, not to a name.
    return { tell: protocol === 'vnc' ? { password } : { user: account, password }, spend };
  }
  if (protocol !== 'ssh') throw new HoldfastError(3026, { reason: 'not-ssh' });
  if (sshKey === undefined) throw new HoldfastError(3026, { reason: 'no-device-key' });
  const certificate = await sshCertificate({ caKey: signOn.caKey, sshKey, account, grant });
  return { tell: { user: account, sshCertificate: certificate }, spend: NOTHING_TO_SPEND };
}
