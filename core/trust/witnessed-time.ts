/**
 * The latest time that a device takes as past, whatever its own clock says. Each time is one signer's word, and a signer's clock may be
 * wrong: the mark rises only as far as a second clock goes with it, of the other signer or the device's own.
 */

/** Seconds. Of one Workspace: what another's signers say is nothing to it. */
export interface WitnessedTime {
  /** the mark; never falls */
  readonly highest: number;
  /** when the held revocation list was signed, and the newest lease */
  readonly list: number;
  readonly lease: number;
}

export type Witness = 'list' | 'lease';

export const NO_TIME: WitnessedTime = { highest: 0, list: 0, lease: 0 };

/** After `signed` by one of them. Its newest word replaces an earlier one, so a clock that was put right counts as a witness again. */
export function nextWitnessed(before: WitnessedTime, by: Witness, signed: number, own: number): WitnessedTime {
  const after = { ...before, [by]: signed };
  const [, second = 0] = [own, after.list, after.lease].sort((a, b) => b - a);
  return { ...after, highest: Math.max(before.highest, second) };
}
