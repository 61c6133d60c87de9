/**
 * TigerVNC over the session's Unix socket. TLS is the channel's: the RFB connection itself never leaves this machine. A server that
 * insists on TLS of its own gets a port: its names for servers have no room for a path.
 */
import { textValue } from './argument-values.ts';
import type { Viewer, ViewerInput, ViewerPlan } from './viewer.ts';
import { VNC_LANGUAGE, VNC_LOG, vncWords } from './vnc-words.ts';

/** Certificates are checked by the viewer, which asks the person about one that it does not know. */
const WITH_TLS = 'TLSVnc,TLSPlain,TLSNone,X509Vnc,X509Plain,X509None';
const WITHOUT_TLS = 'VncAuth,Plain,None';

export function vncViewer(file: string): Viewer {
  return {
    protocol: 'vnc',
    name: 'TigerVNC',
    file,
    door: ({ tls }) => (tls === true ? 'port' : 'socket'),
    plan: async (input) => plan(file, input),
  };
}

function plan(file: string, { door, signOn }: ViewerInput): ViewerPlan {
  const { user, password, tls } = signOn;
  return {
    file,
    args: [
      `-SecurityTypes=${tls === true ? WITH_TLS : WITHOUT_TLS}`,
      '-Shared=1',
      '-ReconnectOnError=0',
      '-AlertOnFatalError=0',
      `-Log=${VNC_LOG}`,
      door.kind === 'port' ? `127.0.0.1::${door.port}` : textValue(door.path),
    ],
    env: {
      ...VNC_LANGUAGE,
      ...(password !== undefined && { VNC_PASSWORD: textValue(password) }),
      ...(password !== undefined && user !== undefined && { VNC_USERNAME: textValue(user) }),
    },
    words: vncWords(signOn),
  };
}
