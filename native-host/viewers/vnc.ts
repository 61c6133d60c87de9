/** TigerVNC over the session's Unix socket. TLS is the channel's: the RFB connection itself never leaves this machine. */
import { textValue } from './argument-values.ts';
import type { Viewer, ViewerInput, ViewerPlan } from './viewer.ts';

export function vncViewer(file: string): Viewer {
  return { protocol: 'vnc', name: 'TigerVNC', file, door: 'socket', plan: async (input) => plan(file, input) };
}

function plan(file: string, { door, signOn }: ViewerInput): ViewerPlan {
  if (door.kind !== 'socket') throw new TypeError('TigerVNC gets a socket');
  return {
    file,
    args: ['-SecurityTypes=VncAuth,Plain,None', '-Shared=1', '-ReconnectOnError=0', '-AlertOnFatalError=0', textValue(door.path)],
    ...(signOn.password !== undefined && {
      env: { VNC_PASSWORD: textValue(signOn.password), ...(signOn.user !== undefined && { VNC_USERNAME: textValue(signOn.user) }) },
    }),
  };
}
