/** Who a person is towards everybody but the Workspace: the same for one person of one tenant, and nothing can be read from it. */
import { createHmac } from 'node:crypto';

const CHARACTERS = 32;

export function pairwiseSubject(tenantKey: string, issuer: string, sub: string): string {
  return createHmac('sha256', Buffer.from(tenantKey, 'base64url')).update(`${issuer}|${sub}`).digest('base64url').slice(0, CHARACTERS);
}
