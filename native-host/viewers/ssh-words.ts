/** What OpenSSH says in its log (`LogLevel=DEBUG1`). Without a language of its own. */
import type { SignOn } from './viewer.ts';
import { ALWAYS, NEVER, type ViewerWords } from './viewer-words.ts';

export function sshWords({ password, sshHostKey }: SignOn): ViewerWords {
  // It asks about an unknown host key without a word in its log.
  const asks = sshHostKey === undefined ? ALWAYS : /Next authentication method: (?:password|keyboard-interactive)/u;
  return {
    up: /Authenticated to /u,
    asks: password === undefined ? asks : NEVER,
    refusals: [
      [/Host key verification failed/u, 'host-key-other'],
      [/Permission denied \(|Too many authentication failures/u, 'sign-on-refused'],
      [/Unable to negotiate with/u, 'no-common-security'],
      [/Can't open display/u, 'no-display'],
    ],
  };
}
