/** Who must be at the other end of a way in. */
import type { Candidate } from '#core/placement/candidates';
import type { Expected } from '#core/trust/trust';

export function expectedAt({ route, id, location }: Candidate): Omit<Expected, 'tls'> {
  return route === 'gateway' ? { roles: ['gateway'], id } : { roles: ['connector'], id, location };
}
