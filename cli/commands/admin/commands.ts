/** `holdfast admin ...` as a table. Each loads what it needs when it is called. */
import type { Command } from 'commander';

export function adminCommands(admin: Command): void {
  serverOptions(admin.command('join-token').description('make a join token for a component: one use, short life'))
    .requiredOption('--role <role>')
    .requiredOption('--id <id>')
    .option('--location <id>')
    .action(async (flags) => (await import('./join-token.ts')).makeJoinToken(flags));

  serverOptions(admin.command('block').description('refuse leases of a user, group, device, or one lease, for some days'))
    .option('--user <name>', 'a person: subject or user principal name')
    .option('--group <name>')
    .option('--device <thumbprint>', 'as in "admin devices list"')
    .option('--lease <id>', 'nobody keeps a record of leases, so a wrong id isn’t noticed')
    .option('--key <thumbprint>', 'a component’s key, as in "admin components list"')
    .requiredOption('--days <n>')
    .option('--anyway', 'block it even if nobody has been seen with it')
    .action(async (flags) => (await import('./blocks.ts')).block(flags));

  serverOptions(admin.command('unblock <id>').description('take a block away, by its id in "admin blocks"')).action(async (id, flags) =>
    (await import('./blocks.ts')).unblock(id, flags),
  );

  serverOptions(admin.command('blocks').description('list the blocks')).action(async (flags) =>
    (await import('./blocks.ts')).listBlocks(flags),
  );

  deviceCommands(admin.command('devices').description('devices that people’s access is saved to: list, remove'));

  componentCommands(admin.command('components').description('who is enrolled, with which keys'));
  siteCommands(admin.command('site').description('the site document: import, export, history'));

  admin
    .command('hash-password')
    .description('hash a password from standard input for the identity configuration')
    .action(async () => (await import('./hash-password.ts')).printPasswordHash());
}

function deviceCommands(devices: Command): void {
  const workspace = (command: Command) =>
    serverOptions(command).option('--config <file>', 'configuration of the Workspace, on its machine (default: that of a running up)');
  workspace(devices.command('list').description('list them, with first and last seen'))
    .option('--user <name>', 'of one person: subject or user principal name')
    .action(async (flags) => (await import('./devices.ts')).printDevices(flags));
  workspace(devices.command('remove <thumbprint>').description('take one off the list and block its leases')).action(async (jkt, flags) =>
    (await import('./devices.ts')).removeFromRecord(jkt, flags),
  );
}

function componentCommands(components: Command): void {
  serverOptions(components.command('list').description('every component and its keys')).action(async (flags) =>
    (await import('./components.ts')).listComponents(flags),
  );
  serverOptions(components.command('remove <role> <id>').description('withdraw all its keys and take it off the list')).action(
    async (role, id, flags) => (await import('./components.ts')).remove(role, id, flags),
  );
  serverOptions(components.command('revoke <role> <id>').description('withdraw all its keys until it enrols again')).action(
    async (role, id, flags) => (await import('./components.ts')).withdraw(role, id, flags),
  );
}

function siteCommands(site: Command): void {
  const broker = (command: Command) => serverOptions(command, 'broker').option('--config <file>', 'or: its configuration, on its machine');
  broker(site.command('import <file>').description('make a file (YAML or JSON) the newest version'))
    .option('--expect <n>', 'the version that it is to replace (default: the one that the file was exported from)')
    .action(async (file, flags) => (await import('./site.ts')).importFile(file, flags));
  broker(site.command('export').description('print the newest version, or another one, as YAML'))
    .option('--version <n>')
    .action(async (flags) => (await import('./site.ts')).printSite(flags));
  broker(site.command('history').description('list the versions, when and by whom')).action(async (flags) =>
    (await import('./site.ts')).printHistory(flags),
  );
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
