/** The committed vectors: every implementation of the protocol must come to these outcomes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { judgeGrant } from '../../core/lease/judge-grant.ts';
import { judgeLease } from '../../core/lease/judge-lease.ts';
import { judgeProof } from '../../core/lease/judge-proof.ts';
import { judgeTicket } from '../../core/lease/judge-ticket.ts';
import { judgeRevocationList } from '../../core/trust/revocation.ts';
import { acceptNextBundle, acceptPinnedBundle } from '../../core/trust/root-bundle.ts';
import { judgeStatement, type Trust } from '../../core/trust/trust.ts';
import type { Verdict } from '../../core/verdict.ts';
import { nodeCrypto } from '../../runtime/jose/primitives.ts';

// biome-ignore lint/suspicious/noExplicitAny: vectors are outside data whose every member the judgement itself must question
type Case = any;

const KINDS: Record<string, { behaviour: string; judge: (trust: Trust, one: Case) => Verdict<unknown, string | number> }> = {
  leases: { behaviour: 'B-L4', judge: (trust, one) => judgeLease(nodeCrypto, trust, one, one.now) },
  tickets: { behaviour: 'B-L8', judge: (trust, one) => judgeTicket(nodeCrypto, trust, one, one.now, one.redeemer) },
  statements: { behaviour: 'B-L6', judge: (trust, one) => judgeStatement(nodeCrypto, trust, one.token, one.now, one.expected) },
  grants: { behaviour: 'B-L4', judge: (trust, one) => judgeGrant(nodeCrypto, trust, one, one.host, one.now) },
  proofs: { behaviour: 'B-N2', judge: (_, one) => judgeProof(nodeCrypto, one.token, one.key, one.demand) },
  'revocation-lists': { behaviour: 'B-L5', judge: (trust, one) => judgeRevocationList(nodeCrypto, trust.bundle, one.token) },
  'root-bundles': { behaviour: 'B-L6', judge: (trust, one) => acceptNextBundle(nodeCrypto, trust.bundle, one.signed) },
};

for (const [kind, { behaviour, judge }] of Object.entries(KINDS)) {
  const { trust, cases } = JSON.parse(readFileSync(new URL(`${kind}.json`, import.meta.url), 'utf8'));
  for (const one of cases) {
    test(`${behaviour} ${kind}: ${one.name} -> ${one.expect}`, () => {
      const verdict = judge(trustOf(trust, one.revocations), one);
      assert.equal(verdict.ok ? 'ok' : verdict.why, one.expect);
    });
  }
}

function trustOf(trust: Case, revocations: string | null | undefined): Trust {
  if (trust === undefined) return trust;
  const bundle = acceptPinnedBundle(nodeCrypto, trust.rootBundle, trust.pin);
  assert.ok(bundle.ok);
  const held = { bundle: bundle.value, signedBundle: trust.rootBundle, history: [trust.rootBundle] };
  if (typeof revocations !== 'string') return held;
  const list = judgeRevocationList(nodeCrypto, bundle.value, revocations);
  return list.ok ? { ...held, list: list.value, listToken: revocations } : held;
}
