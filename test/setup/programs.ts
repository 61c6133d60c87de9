/**
 * The system programs that Holdfast starts but does not ship: which package has each, how to see that it is there, who needs it.
 * Debian's names; the first package of a list that the machine's archive knows is taken.
 */

/** `start`: the whole system on one machine. `test`: everything that the tests start besides. */
export type ProgramSet = 'start' | 'test';

export interface Program {
  readonly packages: readonly [string, ...string[]];
  /** present when any of these is: a program's name, or an absolute path for what is no program */
  readonly anyOf: readonly [string, ...string[]];
  readonly sets: readonly ProgramSet[];
  /** `start` goes without it: one kind of desktop is then missing, or plainer */
  readonly optional?: true;
  /** what the package asks while it is installed, and our answer: a line of `debconf-set-selections` */
  readonly answer?: string;
  /** system services that the package would start or enable by itself; Holdfast wants the programs only */
  readonly units?: readonly string[];
}

const BOTH: readonly ProgramSet[] = ['start', 'test'];
const TEST: readonly ProgramSet[] = ['test'];

export const PROGRAMS: readonly Program[] = [
  {
    packages: ['chromium'],
    anyOf: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'],
    sets: BOTH,
  },
  { packages: ['openssh-server'], anyOf: ['sshd'], sets: BOTH, units: ['ssh.service', 'ssh.socket'] },
  { packages: ['openssh-client'], anyOf: ['ssh'], sets: BOTH },
  { packages: ['tigervnc-standalone-server'], anyOf: ['Xvnc'], sets: BOTH, optional: true },
  { packages: ['tigervnc-viewer'], anyOf: ['xtigervncviewer'], sets: BOTH, optional: true },
  { packages: ['tigervnc-tools', 'tigervnc-common'], anyOf: ['tigervncpasswd', 'vncpasswd'], sets: BOTH, optional: true },
  { packages: ['xrdp'], anyOf: ['xrdp'], sets: BOTH, optional: true, units: ['xrdp.service', 'xrdp-sesman.service'] },
  { packages: ['xorgxrdp'], anyOf: ['/usr/lib/xorg/modules/drivers/xrdpdev_drv.so'], sets: BOTH, optional: true },
  { packages: ['freerdp2-x11', 'freerdp3-x11'], anyOf: ['xfreerdp', 'xfreerdp3'], sets: BOTH, optional: true },
  { packages: ['freerdp2-shadow-x11', 'freerdp3-shadow-x11'], anyOf: ['freerdp-shadow-cli', 'freerdp-shadow-cli3'], sets: TEST },
  { packages: ['xterm'], anyOf: ['xterm'], sets: BOTH },
  { packages: ['openbox'], anyOf: ['openbox'], sets: BOTH, optional: true },
  { packages: ['x11-xserver-utils'], anyOf: ['xsetroot'], sets: BOTH, optional: true },
  { packages: ['fonts-liberation'], anyOf: ['/usr/share/fonts/truetype/liberation'], sets: BOTH, optional: true },
  { packages: ['openssl'], anyOf: ['openssl'], sets: BOTH },
  { packages: ['xvfb'], anyOf: ['Xvfb'], sets: TEST },
  { packages: ['imagemagick'], anyOf: ['import'], sets: TEST },
  { packages: ['x11-apps'], anyOf: ['xwd'], sets: TEST },
  { packages: ['x11-utils'], anyOf: ['xdpyinfo'], sets: TEST },
  { packages: ['xdotool'], anyOf: ['xdotool'], sets: TEST },
  { packages: ['sudo'], anyOf: ['sudo'], sets: TEST },
  { packages: ['postgresql'], anyOf: ['initdb'], sets: TEST, units: ['postgresql.service'] },
  { packages: ['pgbouncer'], anyOf: ['pgbouncer'], sets: TEST, units: ['pgbouncer.service'] },
  { packages: ['haproxy'], anyOf: ['haproxy'], sets: TEST, units: ['haproxy.service'] },
  { packages: ['stunnel4'], anyOf: ['stunnel4', 'stunnel'], sets: TEST, units: ['stunnel4.service'] },
  // One of the helpers that it takes for its database: it would bring along a database server's client.
  { packages: ['dbconfig-sqlite3'], anyOf: ['/usr/share/doc/dbconfig-sqlite3'], sets: TEST },
  {
    packages: ['glewlwyd'],
    anyOf: ['glewlwyd'],
    sets: TEST,
    units: ['glewlwyd.service'],
    answer: 'glewlwyd glewlwyd/config_type select No configuration',
  },
  { packages: ['curl'], anyOf: ['curl'], sets: TEST },
  { packages: ['iproute2'], anyOf: ['ip'], sets: BOTH, optional: true },
  { packages: ['nftables'], anyOf: ['nft'], sets: TEST },
  { packages: ['faketime'], anyOf: ['faketime'], sets: TEST },
];
