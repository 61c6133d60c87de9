/** The commands of `holdfast` as a table: name, options, what runs. */
import { Command } from 'commander';
import { FAULTS } from './up/fault.ts';
import { DEFAULT_PORT_BASE } from './up/plan.ts';

/** Commands are loaded when they are called: `--help` answers at once. */
export function program(): Command {
  const holdfast = new Command('holdfast').description(
    'Remote apps and desktops that open when the portal, the sign-in or the cloud is gone.',
  );

  holdfast
    .command('up')
    .description('run the whole system on this machine')
    .option('--json', 'say where everything is in one line of JSON when it is ready')
    .option('--headless', 'run the browser without a window')
    .option('--no-browser', 'start no browser')
    .option('--port-base <n>', `first of the ports on 127.0.0.1 (default ${DEFAULT_PORT_BASE})`)
    .option('--data <folder>', 'data folder (default .holdfast in the project)')
    .action(async (flags) => (await import('./commands/up.ts')).up(flags));

  holdfast
    .command('serve <service>')
    .description('run one service in this process')
    .requiredOption('--config <file>', 'its configuration (YAML)')
    .action(async (service, flags) => (await import('./commands/serve.ts')).serve(service, flags));

  holdfast
    .command('outage <component> [kind]')
    .description(`break or restore a part of a running up: ${FAULTS.join(', ')}; "outage list" shows all`)
    .option('--data <folder>', 'data folder of that up')
    .option('--json')
    .action(async (component, kind, flags) => (await import('./commands/outage.ts')).outage(component, kind, flags));

  const config = holdfast.command('config').description('configuration files');
  config
    .command('check <files...>')
    .description('say what is wrong in which line')
    .option('--as <service>', 'what the files are for, where that is not plain')
    .action(async (files, { as }) => (await import('./commands/config-check.ts')).configCheck(files, as));

  holdfast
    .command('join')
    .description('hand a join token to a service, which enrols with it at its next start')
    .requiredOption('--config <file>', "the service's configuration")
    .option('--token-file <file>', 'the join token (default: standard input)')
    .action(async (flags) => (await import('./commands/join.ts')).join(flags));

  adminCommands(holdfast.command('admin').description('the root of trust: join tokens and blocks'));
  return holdfast;
}

function adminCommands(admin: Command): void {
  rootOptions(admin.command('join-token').description('make a join token for a component: one use, short life'))
    .requiredOption('--role <role>')
    .requiredOption('--id <id>')
    .option('--location <id>')
    .action(async (flags) => (await import('./commands/admin.ts')).makeJoinToken(flags));

  rootOptions(admin.command('block').description('refuse leases of a user, group, device, or one lease, for some days'))
    .option('--user <subject>')
    .option('--group <name>')
    .option('--device <thumbprint>')
    .option('--lease <id>')
    .option('--key <thumbprint>')
    .requiredOption('--days <n>')
    .action(async (flags) => (await import('./commands/admin.ts')).block(flags));

  rootOptions(admin.command('unblock <id>').description('take a block away, by its id in "admin blocks"')).action(async (id, flags) =>
    (await import('./commands/admin.ts')).unblock(id, flags),
  );

  rootOptions(admin.command('blocks').description('list the blocks')).action(async (flags) =>
    (await import('./commands/admin.ts')).listBlocks(flags),
  );

  admin
    .command('hash-password')
    .description('hash a password from standard input for the identity configuration')
    .action(async () => (await import('./commands/admin.ts')).printPasswordHash());
}

function rootOptions(command: Command): Command {
  return command
    .option('--url <url>', 'of the root of trust')
    .option('--tls-pin <digest>', 'of its TLS key')
    .option('--token-file <file>', "file with the administrator's token")
    .option('--data <folder>', 'or: data folder of a running up')
    .option('--json');
}
