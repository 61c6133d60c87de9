/** Builds and signs the grant of a brokered session: the same for broker and connector. */
import { TYP } from '#protocol/jose';
import type { Grant } from '#protocol/lease';
import { TIMES } from '#protocol/limits';
import type { Signer } from '../crypto.ts';

/** What was redeemed: the person and the authorization. */
export interface GrantedTo extends Pick<Grant, 'user' | 'mode' | 'authorizedAt' | 'correlationId'> {
  readonly jkt: string;
  readonly lease?: string | undefined;
}

/** What was chosen. `iat`: seconds. */
export interface GrantedAt extends Pick<Grant, 'jti' | 'session' | 'location' | 'resource' | 'iat'> {
  readonly sessionHost: string;
}

/** Who signs: a component, with its own statement beside the grant. */
export interface GrantSigner {
  readonly signer: Signer;
  statement(): string;
}

/** For 60 s, one device and one session host. */
export function signGrant(by: GrantSigner, to: GrantedTo, at: GrantedAt) {
  return { grant: by.signer.sign(TYP.grant, buildGrant(to, at)), statement: by.statement(), sessionHost: at.sessionHost };
}

function buildGrant(
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
