/** The pairwise subject: how everybody but the Workspace knows a person. Stable per person and tenant, and opaque. */
import { createHmac } from 'node:crypto';

const CHARACTERS = 32;

export function pairwiseSubject(tenantKey: string, issuer: string, sub: string): string {
  return createHmac('sha256', Buffer.from(tenantKey, 'base64url')).update(`${issuer}|${sub}`).digest('base64url').slice(0, CHARACTERS);
}
