/**
 * Desktops by VNC, one for each account. A person's own starts when they first come, and stays for when they come again. The agent
 * reaches all of them by private sockets of ours.
 */
import { appendFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { ACCOUNT } from '#protocol/session-server';
import { splice } from '#runtime/channel/splice';
import type { SessionAccount } from './account.ts';
import { desktopOf, isRoot, needProgram, type RunningDesktop, type RunningProgram } from './confinement.ts';
import { listenPrivately } from './private-socket.ts';
import { prepareScreen, type Screen } from './vnc-screen.ts';

export interface VncDesktops {
  /** owner-only folder for logs */
  readonly folder: string;
  /** where the agent comes for an account: a path with `{account}` */
  readonly socket: string;
  readonly accounts: readonly SessionAccount[];
  readonly signal: AbortSignal;
  /** a process has come or gone */
  onChange(): void;
}

/** Where an account's password for one sign-on is while there is one: a path with `{account}`. */
export function vncPasswordFile(folder: string): string {
  return join(isRoot() ? `/home/${ACCOUNT}/${OWN}` : folder, 'password');
}

const OWN = '.holdfast-vnc';

export async function startVncDesktops({ folder, socket, accounts, signal, onChange }: VncDesktops): Promise<RunningDesktop> {
  needProgram('Xvnc');
  const logFile = join(folder, 'vnc.log');
  const programs: RunningProgram[] = [];
  const keep = (program: RunningProgram): RunningProgram => {
    programs.push(program);
    onChange();
    void program.ended.then(() => {
      programs.splice(programs.indexOf(program), 1);
      onChange();
    });
    return program;
  };
  const listenFor = (account: SessionAccount) => {
    const own = isRoot() ? join(account.home, OWN) : folder;
    const screen = prepareScreen({ account, own, logFile, signal, keep });
    return listenPrivately(
      socket.replace(ACCOUNT, () => account.user),
      (connection) => {
        bringTo(connection, screen).catch((error: unknown) => {
          appendFileSync(logFile, `${String(error)}\n`);
          connection.destroy();
        });
      },
    );
  };
  const closes = await Promise.all(accounts.map(listenFor));
  return desktopOf(
    programs,
    async () => {},
    () => {
      for (const close of closes) close();
    },
  );
}

async function bringTo(connection: Socket, screen: Screen): Promise<void> {
  const server = connect({ path: await screen.socket(), allowHalfOpen: true });
  await splice(connection, server);
}
