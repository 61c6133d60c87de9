/** The commands of `holdfast-host` as a table: name, options, handler. Exit codes: 0, 1, or for a launch 100 plus the code's last two digits. */
import { Command, CommanderError } from 'commander';

interface Common {
  readonly home?: string;
  readonly json?: true;
}

/** Runs one command. Resolves with its exit code; throws `HoldfastError` for a refusal. */
export async function run(argv: readonly string[]): Promise<number> {
  let code = 0;
  const program = commands((result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has already printed the error or the requested help.
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
}

function commands(done: (code: number) => void): Command {
  const program = new Command('holdfast-host').description('Holdfast on this device: keeps leases, opens sessions.').exitOverride();
  const add = (name: string, says: string) =>
    program
      .command(name)
      .description(says)
      .option('--home <folder>', 'the host’s folder (default: the platform’s)')
      .option('--json', 'answer in JSON');
  const placed = (command: Command) =>
    command
      .option('--profile <folder>', 'a browser profile folder of its own')
      .option('--browser <names...>', 'chrome, chromium, edge (default: all that are found)')
      .option('--scope <scope>', 'user or system', 'user');

  placed(add('install', 'make this host known to browsers'))
    .requiredOption('--workspace <url>', 'the Workspace that may use it')
    .option('--name <name>', 'what the Workspace is called', 'Holdfast')
    .requiredOption('--extension-id <id...>', 'ids of the extension')
    .option('--ca-file <file>', 'authorities of its certificate (PEM), where the system does not have them')
    .option('--root-pin <digest>', 'of its root of trust, as the ceremony and `holdfast root show` say it')
    .option('--trust-whatever-root-the-workspace-names-first', 'instead of a pin: whoever answers for it at first decides whom to trust')
    .action(async (flags) => done(await (await import('./commands/install.ts')).installCommand(flags)));
  placed(add('uninstall', 'make this host unknown to browsers; keys and leases stay'))
    .option('--purge', 'also remove keys, leases and logs')
    .action(async (flags) => done(await (await import('./commands/install.ts')).uninstallCommand(flags)));
  placed(add('doctor', 'check every hop between browser and viewer')).action(async (flags) =>
    done(await (await import('./commands/doctor.ts')).doctorCommand(flags)),
  );
  add('status', 'who is signed in, how many leases there are, how the last sync went').action(async (flags: Common) =>
    done(await (await import('./commands/status.ts')).statusCommand(flags)),
  );
  add('leases', 'each lease and how it stands')
    .option('--workspace <url>', 'of this Workspace only')
    .action(async (flags) => done(await (await import('./commands/leases.ts')).leasesCommand(flags)));
  add('launch', 'open a resource by its lease, without a browser')
    .requiredOption('--resource <feed/id>', 'as `leases` lists it; the id alone where only one feed has it')
    .option('--workspace <url>', 'the Workspace, where there are several')
    .option('--lease-only', 'by lease; a launch ticket is the browser’s to ask for, so this is always so here')
    .action(async (flags) => done(await (await import('./commands/launch.ts')).launchCommand(flags)));
  add('sessions', 'what runs now').action(async (flags: Common) =>
    done(await (await import('./commands/sessions.ts')).sessionsCommand(flags)),
  );
  add('logs', 'the host’s log, oldest line first').action(async (flags: Common) =>
    done(await (await import('./commands/logs.ts')).logsCommand(flags)),
  );
  for (const command of program.commands) command.exitOverride();
  return program;
}
