/** Another user of the same machine, who has no part in anything: what they get to see. For tests that run as root. */
import { spawn } from 'node:child_process';
import { needProgram } from '../../cli/desktops/confinement.ts';

/** What a shell command of theirs prints; empty where they may not. */
export function asStranger(command: string): Promise<string> {
  const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--'];
  const child = spawn(needProgram('setpriv'), [...nobody, '/bin/sh', '-c', command], { stdio: ['ignore', 'pipe', 'ignore'], cwd: '/' });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve) => child.once('close', () => resolve(said.trim())));
}
