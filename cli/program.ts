/** The commands of `holdfast` as a table: name, options, what runs. */
import { Command } from 'commander';
import { adminCommands } from './commands/admin/commands.ts';
import { rootCommands } from './commands/root/commands.ts';
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

  rootCommands(holdfast.command('root').description('the root keys: ceremony and rotation, in files'));
  adminCommands(holdfast.command('admin').description('the root of trust: join tokens and blocks'));
  return holdfast;
}
