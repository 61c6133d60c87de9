/** `holdfast admin components ...`: who is enrolled with which keys; removing one, or withdrawing its keys until it enrols again. */
import { parse } from '#protocol/parse';
import { Id } from '#protocol/primitives';
import { Role } from '#protocol/trust';
import { type ComponentName, type Components, readComponents, removeComponent, withdrawKeys } from '../../root-admin.ts';
import { utc } from '../../utc.ts';
import { rootOfTrust, type ServerFlags } from './server.ts';

export async function listComponents(flags: ServerFlags): Promise<void> {
  print(await readComponents(await rootOfTrust(flags)), flags);
}

export async function remove(role: string, id: string, flags: ServerFlags): Promise<void> {
  print(await removeComponent(await rootOfTrust(flags), named(role, id)), flags);
}

export async function withdraw(role: string, id: string, flags: ServerFlags): Promise<void> {
  print(await withdrawKeys(await rootOfTrust(flags), named(role, id)), flags);
}

function named(role: string, id: string): ComponentName {
  return { role: parse(Role, role), id: parse(Id, id) };
}

function print(list: Components, { json }: ServerFlags): void {
  if (json === true) return void process.stdout.write(`${JSON.stringify(list)}\n`);
  for (const { role, id, location, keys } of list.components) {
    process.stdout.write(`${role} ${id}${location === undefined ? '' : ` (${location})`}\n`);
    for (const { kid, state, by, since, ends } of keys)
      process.stdout.write(`  ${kid}  ${state}, by ${by}, since ${utc(since)}, ends ${utc(ends)}\n`);
  }
}
