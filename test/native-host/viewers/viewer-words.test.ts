/** What viewers really said (TigerVNC 1.12, FreeRDP 2.11, OpenSSH 9.2; newer ones by their sources), and what it means. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rdpWords } from '../../../native-host/viewers/rdp-words.ts';
import { sshWords } from '../../../native-host/viewers/ssh-words.ts';
import { refusalIn, SIGNED_ON_BYTES, standingOf, type ViewerWords } from '../../../native-host/viewers/viewer-words.ts';
import { vncWords } from '../../../native-host/viewers/vnc-words.ts';

const RDP_STATE = '[16:24:39:310] [27339:27340] [DEBUG][com.freerdp.core.connection] - rdp_client_transition_to_state';
const RDP_ERROR = '[16:24:39:310] [27339:27340] [ERROR][com.freerdp.core] - nla_recv_pdu:freerdp_set_last_error_ex';
const KNOWN = { sshHostKey: 'ssh-ed25519 AAAA' };

const opening: readonly (readonly [what: string, words: ViewerWords, said: string, standing: string])[] = [
  ['SSH connects', sshWords(KNOWN), 'debug1: Connecting to 127.0.0.1 [127.0.0.1] port 33922.', 'connecting'],
  ['SSH, key known, asks for the password', sshWords(KNOWN), 'debug1: Next authentication method: password', 'asking'],
  [
    'SSH asks for a second factor',
    sshWords({ ...KNOWN, sshCertificate: 'x' }),
    'debug1: Next authentication method: keyboard-interactive',
    'asking',
  ],
  ['SSH is told the password', sshWords({ ...KNOWN, password: 'x' }), 'debug1: Next authentication method: password', 'connecting'],
  ['SSH asks whether a host key is right', sshWords({}), 'debug1: using hostkeyalias: session-host.holdfast', 'asking'],
  ['SSH is in', sshWords(KNOWN), 'Authenticated to 127.0.0.1 ([127.0.0.1]:33922) using "publickey".', 'up'],
  ['VNC connects', vncWords({}), 'CConnection: Using RFB protocol version 3.8', 'connecting'],
  ['VNC asks', vncWords({}), 'CConnection: Server offers security type VncAuth(2)', 'asking'],
  ['VNC has nothing to ask for', vncWords({}), 'CConnection: Server offers security type None(1)', 'connecting'],
  ['VNC is told the password', vncWords({ password: 'x' }), 'CConnection: Server offers security type VncAuth(2)', 'connecting'],
  [
    'VNC may ask about a certificate',
    vncWords({ password: 'x', tls: true }),
    'CConnection: Server offers security type VeNCrypt(19)',
    'asking',
  ],
  ['VNC 1.12, line broken', vncWords({}), ' CConnection:\n              initialisation done', 'up'],
  ['VNC 1.15', vncWords({}), ' CConnection: Initialisation done', 'up'],
  ['RDP connects', rdpWords({}), `${RDP_STATE} CONNECTION_STATE_INITIAL --> CONNECTION_STATE_NEGO`, 'connecting'],
  ['RDP by NLA asks', rdpWords({ nla: true }), '', 'asking'],
  ['RDP by NLA is told the password', rdpWords({ nla: true, password: 'x' }), '', 'connecting'],
  ['RDP is active', rdpWords({}), '[INFO][com.freerdp.gdi] - Local framebuffer format  PIXEL_FORMAT_BGRX32', 'up'],
];
for (const [what, words, said, standing] of opening) {
  test(`B-N8h ${what}: ${standing}`, () => {
    assert.equal(standingOf(words, said, 300), standing);
    assert.equal(standingOf(words, said, 0), 'connecting', 'whatever it says, the session host has not answered');
  });
}

test('B-N8h the first bytes are no desktop, but more than any sign-on takes are one, in whatever words the viewer says so', () => {
  for (const words of [sshWords(KNOWN), vncWords({ password: 'x' }), rdpWords({})]) {
    assert.equal(standingOf(words, 'other words', SIGNED_ON_BYTES - 1), 'connecting');
    assert.equal(standingOf(words, 'other words', SIGNED_ON_BYTES), 'up');
  }
});

const failing: readonly (readonly [words: ViewerWords, said: string, refusal: string | undefined])[] = [
  [sshWords(KNOWN), 'Host key for session-host.holdfast has changed.\nHost key verification failed.', 'host-key-other'],
  [sshWords(KNOWN), 'mara@127.0.0.1: Permission denied (publickey,password).', 'sign-on-refused'],
  [sshWords(KNOWN), 'Permission denied, please try again.', undefined],
  [
    sshWords(KNOWN),
    'Unable to negotiate with 127.0.0.1 port 22: no matching host key type found. Their offer: ssh-rsa',
    'no-common-security',
  ],
  [sshWords(KNOWN), "xterm: Xt error: Can't open display: :99", 'no-display'],
  [sshWords(KNOWN), 'debug1: Connection established.', undefined],
  [vncWords({}), 'CConnection: Server offers security type VncAuth(2)\n CConnection: auth failed', 'sign-on-refused'],
  [vncWords({}), ' CConnection: Auth failed: Too many tries', 'sign-on-refused'],
  [
    vncWords({}),
    'CConnection: Server offers security type VeNCrypt(19)\n CConn: Authentication failure: No valid VeNCrypt sub-type',
    'tls-required',
  ],
  [vncWords({ tls: true }), 'CConn: Authentication failure: No valid VeNCrypt sub-type', 'no-common-security'],
  [vncWords({}), 'CConnection: Server offers security type RA2(5)\n CConnection: No matching\n security types', 'no-common-security'],
  [vncWords({}), 'CConnection: Server offers security type VncAuth(2)', undefined],
  [vncWords({}), ' CConn: Connected to socket /run/s', undefined],
  [rdpWords({}), '[WARN][com.freerdp.core.nego] - Error: HYBRID_REQUIRED_BY_SERVER', 'nla-required'],
  [rdpWords({}), `${RDP_ERROR} ERRCONNECT_LOGON_FAILURE [0x00020014]`, 'sign-on-refused'],
  [rdpWords({ nla: true }), `${RDP_STATE} CONNECTION_STATE_NLA --> CONNECTION_STATE_INITIAL`, 'sign-on-refused'],
  [rdpWords({}), `${RDP_ERROR} ERRCONNECT_PASSWORD_MUST_CHANGE [0x00020013]`, 'password-expired'],
  [rdpWords({}), `${RDP_ERROR} ERRCONNECT_ACCOUNT_LOCKED_OUT [0x00020018]`, 'account-refused'],
  [rdpWords({}), '[ERROR][com.freerdp.crypto] - certificate not trusted, aborting.\nERRCONNECT_TLS_CONNECT_FAILED', 'certificate-other'],
  [rdpWords({}), `${RDP_ERROR} ERRCONNECT_SECURITY_NEGO_CONNECT_FAILED [0x0002000C]`, 'no-common-security'],
  [rdpWords({}), '[ERROR][com.freerdp.client.x11] - failed to open display: ', 'no-display'],
  [rdpWords({}), `${RDP_STATE} CONNECTION_STATE_NEGO --> CONNECTION_STATE_INITIAL`, undefined],
];
for (const [words, said, refusal] of failing) {
  test(`B-N8i a viewer that says "${said.split('\n').at(-1)?.slice(-70)}" failed of ${refusal ?? 'something else'}`, () => {
    assert.equal(refusalIn(words, said), refusal);
  });
}
