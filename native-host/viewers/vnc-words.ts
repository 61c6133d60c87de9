/** What TigerVNC says of a connection, from 1.10 on. */
import type { SignOn } from './viewer.ts';
import { NEVER, type ViewerWords } from './viewer-words.ts';

/** The lines below are in its log with this, and with these in its environment: newer ones are translated. */
export const VNC_LOG = '*:stderr:30,CConnection:stderr:100';
export const VNC_LANGUAGE = { LANGUAGE: 'en' } as const;

export function vncWords({ password, tls }: SignOn): ViewerWords {
  return {
    up: /CConnection: initialisation done/iu,
    // With TLS it may also ask whether the certificate is the right one.
    asks: tls === true ? /offers security type VeNCrypt/u : password === undefined ? /offers security type (?:VncAuth|VeNCrypt)/u : NEVER,
    refusals: [
      [/CConnection: auth failed/iu, 'sign-on-refused'],
      [/Can't open display/u, 'no-display'],
      [/No valid VeNCrypt sub-type/u, tls === true ? 'no-common-security' : 'tls-required'],
      [/No matching security types/u, 'no-common-security'],
    ],
  };
}
