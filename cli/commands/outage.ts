/** `holdfast outage`: breaks and restores parts of a running `up`. */
import { HoldfastError } from '#protocol/errors';
import { askControl, type ControlReply } from '../up/control.ts';
import { readRun } from '../up/data-dir.ts';
import { FAULTS } from '../up/fault.ts';
import { DEFAULT_DATA } from './up.ts';

export interface OutageFlags {
  readonly data?: string;
  readonly json?: boolean;
}

/** `list` in the component's place lists; everything else needs a kind. */
export async function outage(component: string, kind: string | undefined, flags: OutageFlags): Promise<void> {
  const control = controlOf(flags);
  if (component === 'list') return print(await askControl(control, { type: 'list' }), flags);
  const fault = FAULTS.find((one) => one === kind);
  if (fault === undefined) throw new HoldfastError('bad_request', { reason: 'fault-missing', name: component, known: FAULTS.join(', ') });
  return print(await askControl(control, { type: 'outage', component, fault }), flags);
}

function controlOf({ data = DEFAULT_DATA }: OutageFlags): string {
  const run = readRun(data);
  if (run === undefined) throw new HoldfastError('unavailable', { reason: 'no-up', path: data });
  return run.control;
}

function print({ components }: ControlReply, { json }: OutageFlags): void {
  if (json === true) process.stdout.write(`${JSON.stringify({ components })}\n`);
  else for (const { name, standing } of components) process.stdout.write(`${name.padEnd(24)}${standing}\n`);
}
