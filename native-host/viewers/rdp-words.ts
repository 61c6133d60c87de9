/** What FreeRDP 2 and 3 say of a connection: the names of its states and errors, in English everywhere. */
import type { SignOn } from './viewer.ts';
import { ALWAYS, NEVER, type ViewerWords } from './viewer-words.ts';

/** The lines below are in its log with these. */
export const RDP_LOG = [
  '/log-level:ERROR',
  '/log-filters:com.freerdp.gdi:INFO,com.freerdp.core.nego:WARN,com.freerdp.core.connection:DEBUG',
] as const;

export function rdpWords({ nla, password }: SignOn): ViewerWords {
  return {
    // Written when the session is active: where the server signs people on itself, with its own screen for that.
    up: /Local framebuffer format/u,
    asks: nla === true && password === undefined ? ALWAYS : NEVER,
    refusals: [
      [/HYBRID_REQUIRED_BY_SERVER/u, 'nla-required'],
      [/ERRCONNECT_PASSWORD_(?:EXPIRED|CERTAINLY_EXPIRED|MUST_CHANGE)/u, 'password-expired'],
      [/ERRCONNECT_(?:ACCOUNT_\w+|LOGON_TYPE_NOT_GRANTED|ACCESS_DENIED|INSUFFICIENT_PRIVILEGES)/u, 'account-refused'],
      // Many servers end the connection without a word when the password is wrong.
      [/ERRCONNECT_(?:LOGON_FAILURE|WRONG_PASSWORD|AUTHENTICATION_FAILED)|STATE_NLA --> CONNECTION_STATE_INITIAL/u, 'sign-on-refused'],
      [/certificate not trusted/u, 'certificate-other'],
      [/ERRCONNECT_(?:SECURITY_NEGO|TLS)_CONNECT_FAILED/u, 'no-common-security'],
      [/failed to open display/u, 'no-display'],
    ],
  };
}
