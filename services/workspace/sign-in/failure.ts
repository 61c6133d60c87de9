/** What the OpenID library threw, as our own refusal: each failure has its words (B-I3). */
import type * as openid from 'openid-client';
import { HoldfastError } from '#protocol/errors';

/** Clocks may differ by as much, seconds: a provider's tokens live for minutes. */
export const CLOCK_SECONDS = 300;

/**
 * `unavailable` while the provider does not answer; `bad_config` for what its administrator or ours can mend; `not_signed_in` for what the person
 * can; `untrusted_peer` for an answer that isn't true.
 */
export function asSignInFailure(cause: unknown): HoldfastError {
  if (cause instanceof HoldfastError) return cause;
  const certificate = certificateFault(cause);
  if (certificate !== undefined)
    return new HoldfastError('untrusted_peer', { reason: 'provider-certificate', code: certificate }, { cause });
  if (isAway(cause)) return new HoldfastError('unavailable', { reason: 'identity-provider' }, { cause });
  const error = oauthError(cause);
  if (error !== undefined) return asRefusedBy(error, cause);
  const seconds = clockDifference(cause);
  if (seconds !== undefined) return new HoldfastError('untrusted_peer', { reason: 'provider-clock', seconds }, { cause });
  return new HoldfastError('untrusted_peer', { reason: 'sign-in' }, { cause });
}

/** Throws `untrusted_peer` when the provider's clock, by the second in which it made this token, is too far off (`now`: ms). */
export function mustAgreeOnTime({ iat }: Pick<openid.IDToken, 'iat'>, now: number): void {
  const seconds = Math.abs(Math.round(now / 1_000) - iat);
  if (seconds > CLOCK_SECONDS) throw new HoldfastError('untrusted_peer', { reason: 'provider-clock', seconds });
}

/** Seconds by which the provider's clock is ahead of ours, as far as its token shows; one that is behind may also be a token that took its time. */
export function aheadOf(now: number, token: Pick<openid.IDToken, 'iat'> | undefined): number {
  return Math.max(0, (token?.iat ?? 0) - Math.floor(now / 1_000));
}

/** By the provider's own word: RFC 6749, 4.1.2.1 and 5.2. */
function asRefusedBy(error: string, cause: unknown): HoldfastError {
  switch (error) {
    case 'server_error':
    case 'temporarily_unavailable':
      return new HoldfastError('unavailable', { reason: 'identity-provider' }, { cause });
    case 'access_denied':
    case 'login_required':
    case 'interaction_required':
    case 'consent_required':
      return new HoldfastError('not_signed_in', { reason: 'access-denied', code: error }, { cause });
    case 'invalid_grant':
      return new HoldfastError('not_signed_in', { reason: 'sign-in-used' }, { cause });
    case 'invalid_client':
      return new HoldfastError('bad_config', { reason: 'provider-client' }, { cause });
    default:
      return new HoldfastError('bad_config', { reason: 'provider-request', code: error }, { cause });
  }
}

function oauthError(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const error = 'error' in cause && typeof cause.error === 'string' ? cause.error.slice(0, 100) : undefined;
  // From the token endpoint: some say it of a wrong secret, too.
  if (error === 'unauthorized_client' && statusOf(cause) !== undefined) return 'invalid_client';
  if (error !== undefined) return error;
  // Whatever is said with it: to a client that does not prove itself the token endpoint answers so (RFC 6749, 5.2).
  return statusOf(cause) === 401 ? 'invalid_client' : undefined;
}

/** Seconds between both clocks, where a token was refused for its time. */
function clockDifference(cause: unknown): number | undefined {
  for (let one = cause; one instanceof Error; one = one.cause) {
    const found =
      typeof one.cause === 'object' && one.cause !== null && 'claims' in one.cause && 'now' in one.cause ? one.cause : undefined;
    const claims = found?.claims;
    const issued = typeof claims === 'object' && claims !== null && 'iat' in claims ? claims.iat : undefined;
    if (found?.now !== undefined && typeof found.now === 'number' && typeof issued === 'number') return Math.abs(found.now - issued);
  }
  return undefined;
}

/** OpenSSL's and Node's codes for a certificate that was not believed; they share no prefix. */
const CERTIFICATE = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT|CRL_|INVALID_CA|PATH_LENGTH|HOSTNAME_MISMATCH)/u;

function certificateFault(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return CERTIFICATE.test(code) ? code : certificateFault(cause.cause);
}

function isAway(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (cause.name === 'TimeoutError' || cause.name === 'AbortError') return true;
  const status = statusOf(cause);
  if (status !== undefined) return status >= 500;
  const code = 'code' in cause ? String(cause.code) : '';
  return /^(?:ECONN|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EPIPE|UND_ERR|OAUTH_TIMEOUT|ERR_SSL)/u.test(code) || isAway(cause.cause);
}

/** Of the provider's answer, where it was one. */
function statusOf(cause: Error): number | undefined {
  const status = 'status' in cause ? cause.status : cause.cause instanceof Response ? cause.cause.status : undefined;
  return typeof status === 'number' ? status : undefined;
}
