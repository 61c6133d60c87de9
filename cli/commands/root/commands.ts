/** `holdfast root ...` as a table. Each loads what it needs when it is called. */
import type { Command } from 'commander';

export function rootCommands(root: Command): void {
  root
    .command('init <folder>')
    .description('hold the ceremony: root keys, role keys, the first signed root bundle, the pins')
    .requiredOption('--tenant <id>', 'the tenant that this root speaks for')
    .option('--keys <n>', 'how many root keys (default 3)')
    .option('--threshold <n>', 'how many of them sign a root bundle (default 2)')
    .option('--json')
    .action(async (folder, flags) => (await import('./init.ts')).initRoot(folder, flags));

  root
    .command('rotate <folder>')
    .description('make and sign the next root bundle; without options only its expiry moves')
    .option('--role <role...>', 'new keys for trust, issuer, revoker; the old ones stay good until they are retired')
    .option('--root-keys', 'new root keys in place of all old ones')
    .option('--retire <thumbprint...>', 'role keys that are good no longer')
    .option('--json')
    .action(async (folder, flags) => (await import('./rotate.ts')).rotateRoot(folder, flags));

  root
    .command('show <path>')
    .description('version, threshold, keys by thumbprint, expiry and pin of a root bundle, from its file or the folder of the ceremony')
    .option('--json')
    .action(async (path, flags) => (await import('./show.ts')).showRoot(path, flags));
}
