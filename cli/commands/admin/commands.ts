/** `holdfast admin ...` as a table. Each loads what it needs when it is called. */
import type { Command } from 'commander';

export function adminCommands(admin: Command): void {
  serverOptions(admin.command('join-token').description('make a join token for a component: one use, short life'))
    .requiredOption('--role <role>')
    .requiredOption('--id <id>')
    .option('--location <id>')
    .action(async (flags) => (await import('./join-token.ts')).makeJoinToken(flags));

  serverOptions(admin.command('block').description('refuse leases of a user, group, device, or one lease, for some days'))
    .option('--user <subject>')
    .option('--group <name>')
    .option('--device <thumbprint>')
    .option('--lease <id>')
    .option('--key <thumbprint>')
    .requiredOption('--days <n>')
    .action(async (flags) => (await import('./blocks.ts')).block(flags));

  serverOptions(admin.command('unblock <id>').description('take a block away, by its id in "admin blocks"')).action(async (id, flags) =>
    (await import('./blocks.ts')).unblock(id, flags),
  );

  serverOptions(admin.command('blocks').description('list the blocks')).action(async (flags) =>
    (await import('./blocks.ts')).listBlocks(flags),
  );

  admin
    .command('hash-password')
    .description('hash a password from standard input for the identity configuration')
    .action(async () => (await import('./hash-password.ts')).printPasswordHash());
}

/** The same for every service that has an administration. */
function serverOptions(command: Command, name = 'root of trust'): Command {
  return command
    .option('--url <url>', `of the ${name}`)
    .option('--tls-pin <digest>', 'of its TLS key')
    .option('--token-file <file>', 'the administrator’s token; "-" is standard input (default: HOLDFAST_ADMIN_TOKEN in the environment)')
    .option('--data <folder>', 'or: data folder of a running up')
    .option('--json');
}
