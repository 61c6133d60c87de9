/** `holdfast admin join-token`: lets one component enrol, once. */
import { parse } from '#protocol/parse';
import { Role } from '#protocol/trust';
import { joinToken } from '../../root-admin.ts';
import { rootOfTrust, type ServerFlags } from './server.ts';

export async function makeJoinToken(flags: ServerFlags & { role: string; id: string; location?: string }): Promise<void> {
  const root = await rootOfTrust(flags);
  const role = parse(Role, flags.role);
  const token = await joinToken(root, { role, id: flags.id, ...(flags.location && { location: flags.location }) });
  const said = { joinToken: token, rootOfTrust: { url: root.url, tlsPin: root.tlsPin, ...(root.rootPin && { rootPin: root.rootPin }) } };
  process.stdout.write(`${flags.json === true ? JSON.stringify(said) : token}\n`);
}
