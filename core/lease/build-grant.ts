/** Builds the grant of a brokered session: the same claims for broker and connector. */
import type { Grant } from '#protocol/lease';
import { TIMES } from '#protocol/limits';

/** What was redeemed: the person and the authorization. */
export interface GrantedTo extends Pick<Grant, 'user' | 'mode' | 'authorizedAt' | 'correlationId'> {
  readonly jkt: string;
  readonly lease?: string | undefined;
}

/** What was chosen. `iat`: seconds. */
export interface GrantedAt extends Pick<Grant, 'jti' | 'session' | 'location' | 'resource' | 'iat'> {
  readonly sessionHost: string;
}

/** For 60 s, one device and one session host. */
export function buildGrant(
  { user, jkt, mode, lease, authorizedAt, correlationId }: GrantedTo,
  { jti, session, sessionHost, location, resource, iat }: GrantedAt,
): Grant {
  return {
    jti,
    aud: sessionHost,
    location,
    session,
    cnf: { jkt },
    user,
    resource,
    mode,
    ...(lease !== undefined && { lease }),
    authorizedAt,
    correlationId,
    iat,
    exp: iat + TIMES.grantSeconds,
  };
}
