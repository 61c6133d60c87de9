/** The session server behind a session host's agent, whose account a session runs in there, and how people sign on to it. */
import * as v from 'valibot';
import { PersonId } from './names.ts';
import { Address, Name, SessionProtocol } from './primitives.ts';

const File = v.pipe(v.string(), v.minLength(1), v.maxLength(4_096));

/** Accounts of the system itself: Debian's base-passwd, and those of the servers that sessions run behind. Nobody's session runs in one. */
const SYSTEM_ACCOUNTS = (
  'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody _apt ' +
  'sshd xrdp messagebus postgres systemd-network systemd-resolve systemd-timesync polkitd'
).split(' ');

/** A local account: useradd(8), and with the dots that are usual in names of people. */
export const AccountName = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z_][A-Za-z0-9._-]{0,31}$/u,
    'an account of the session server: a letter or "_", then letters, digits, ".", "_" or "-", 32 at most',
  ),
  v.check((name) => !SYSTEM_ACCOUNTS.includes(name.toLowerCase()), 'not an account of the system itself'),
);

/** Where the person's part goes in a template. */
export const UPN_LOCAL = '{upn.local}';
/** Where the account goes in the path of a socket. */
export const ACCOUNT = '{account}';

/** account by the person's id at the provider (`sub`), which outlives every name: it counts before the name */
const AccountIds = v.optional(v.record(PersonId, AccountName));

/** Which account is whose. Whoever it names no account for has none. */
export const AccountMapping = v.union([
  /** what stands before the `@` of the UPN, of one domain only: `anna@a.example` and `anna@b.example` are two people */
  v.strictObject({
    domain: v.pipe(v.string(), v.maxLength(253), v.regex(/^[a-z0-9.-]+$/u)),
    template: v.pipe(v.string(), v.maxLength(64), v.regex(/^[a-z0-9._-]*\{upn\.local\}[a-z0-9._-]*$/u)),
    ids: AccountIds,
  }),
  /** account by UPN */
  v.strictObject({ table: v.record(Name, AccountName), ids: AccountIds }),
]);
export type AccountMapping = v.InferOutput<typeof AccountMapping>;

export const SessionServer = v.strictObject({
  protocol: SessionProtocol,
  /** `{account}` in a socket's path: a server for each account */
  target: v.union([Address, v.strictObject({ socket: File })]),
  signOn: v.optional(
    v.variant('kind', [
      /** the server, or the viewer, asks the person for their own credentials */
      v.strictObject({ kind: v.literal('ask'), account: v.optional(AccountMapping) }),
      /** SSH only: the agent signs the session's key for this account with this CA key; sshd trusts it by TrustedUserCAKeys */
      v.strictObject({ kind: v.literal('certificate'), account: AccountMapping, caKey: File }),
      /** a password for one sign-on, from a helper with rights of its own: its command and arguments, without a shell */
      v.strictObject({
        kind: v.literal('one-time'),
        account: AccountMapping,
        helper: v.pipe(v.array(v.pipe(v.string(), v.maxLength(4_096))), v.minLength(1), v.maxLength(32)),
      }),
    ]),
    { kind: 'ask' },
  ),
  /** SSH: file with the server's public host key, as sshd keeps it or as ssh-keyscan prints it */
  sshHostKey: v.optional(File),
  /** RDP: file with the server's certificate (PEM) */
  rdpCertificate: v.optional(File),
  /** RDP: the server requires Network Level Authentication, as Windows does: viewers ask for the password before there is a desktop */
  nla: v.optional(v.boolean()),
  /** VNC: the server takes TLS connections (VeNCrypt) only; viewers check its certificate themselves */
  tls: v.optional(v.boolean()),
});
export type SessionServer = v.InferOutput<typeof SessionServer>;

/** What the sign-on helper answers with: one line. Too long to guess where the protocol takes more than 8 characters. */
export const OneTimePassword = v.pipe(v.string(), v.regex(/^[a-z2-9]{8,64}$/u));

/** The sign-on helper's own file (JSON), which only the user whom it runs as may write. */
export const SignOnHelperConfig = v.strictObject({
  /** for whom it makes passwords, and for nobody else */
  accounts: v.array(AccountName),
  passwords: v.variant('kind', [
    /** kept as digests in this folder, and taken once by the helper's own `check` in a PAM stack */
    v.strictObject({ kind: v.literal('pam'), folder: File }),
    /** written for TigerVNC's `-rfbauth` as the account itself; `obfuscate` is the absolute path of `vncpasswd` */
    v.strictObject({ kind: v.literal('vnc'), file: File, obfuscate: File }),
  ]),
});
export type SignOnHelperConfig = v.InferOutput<typeof SignOnHelperConfig>;
