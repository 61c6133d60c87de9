/** `holdfast-host doctor`: exit code 1 when a hop is broken. */
import { doctor } from '../install/doctor.ts';
import { flagsOf, PlaceFlags, placeOrder, print } from './options.ts';

export async function doctorCommand(given: unknown): Promise<number> {
  const flags = flagsOf(PlaceFlags, given);
  const findings = await doctor(placeOrder(flags));
  print(
    flags.json,
    { findings },
    findings.map(({ hop, ok, says }) => `${ok ? 'ok  ' : 'FAIL'}  ${hop}: ${says}`),
  );
  return findings.every(({ ok }) => ok) ? 0 : 1;
}
