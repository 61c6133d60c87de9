/** The committed vectors: every implementation of the protocol must come to these outcomes. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { type GrantFault, judgeGrant } from '../../core/lease/judge-grant.ts';
import { type HeldFault, judgeHeldLease } from '../../core/lease/judge-held.ts';
import { judgeLease, type LeaseFault } from '../../core/lease/judge-lease.ts';
import { judgeProof, type ProofFault } from '../../core/lease/judge-proof.ts';
import { judgeTicket, type TicketFault } from '../../core/lease/judge-ticket.ts';
import { type OpeningFault, openLease } from '../../core/lease/open-lease.ts';
import type { TokenFault } from '../../core/trust/jws.ts';
import { judgeRevocationList } from '../../core/trust/revocation.ts';
import { acceptNextBundle, acceptPinnedBundle, type BundleFault } from '../../core/trust/root-bundle.ts';
import { hear, judgeStatement, type StatementFault, type Trust, versionsOf } from '../../core/trust/trust.ts';
import { nodeCrypto, thumbprint } from '../../runtime/jose/primitives.ts';
import { unsealerFor } from '../../runtime/jose/seal.ts';
import { publicHalf } from '../../runtime/jose/sign.ts';
import { NOW } from './world.ts';

// biome-ignore lint/suspicious/noExplicitAny: vectors are outside data whose every member the judgement itself must question
type Case = any;
type Outcome = string | number;

interface Kind {
  readonly judge: (trust: Trust, one: Case) => Outcome;
  /** every way that the judgement can end: each has a vector */
  readonly outcomes: readonly Outcome[];
}

/** The compiler sees to it that no outcome is forgotten: the record has a member for each. */
const all = <O extends Outcome>(outcomes: Record<O | 'ok', true>): readonly string[] => Object.keys(outcomes);
const outcomeOf = (verdict: { readonly ok: true } | { readonly ok: false; readonly why: Outcome }): Outcome => (verdict.ok ? 'ok' : verdict.why);

const KINDS: Record<string, Kind> = {
  leases: {
    judge: (trust, one) => outcomeOf(judgeLease(nodeCrypto, trust, one, one.now)),
    outcomes: all<LeaseFault>({ ok: true, 3003: true, 3006: true, 3007: true, 3020: true, 3021: true, 3022: true }),
  },
  'held-leases': {
    judge: (trust, one) => outcomeOf(judgeHeldLease(nodeCrypto, trust, unsealerFor(one.key), one.files, one.owner, one.now)),
    outcomes: all<HeldFault>({ ok: true, 3002: true, 3003: true, 3004: true, 3006: true, 3007: true }),
  },
  'opened-leases': {
    judge: (trust, one) => {
      const redeemed = judgeLease(nodeCrypto, trust, one, one.now);
      if (!redeemed.ok) return `not redeemed: ${redeemed.why}`;
      const keys = { [thumbprint(publicHalf(one.key))]: unsealerFor(one.key) };
      return outcomeOf(openLease(nodeCrypto, trust, keys, one, redeemed.value, one.now));
    },
    // Without a list (3020) no lease is redeemed, so none is opened.
    outcomes: all<Exclude<OpeningFault, 3020>>({ ok: true, 3004: true, 3007: true, 3022: true }),
  },
  tickets: {
    judge: (trust, one) => outcomeOf(judgeTicket(nodeCrypto, trust, one, one.now, one.redeemer)),
    outcomes: all<TicketFault>({ ok: true, 3020: true, 3021: true, 3022: true, ticket_expired: true }),
  },
  statements: {
    judge: (trust, one) => outcomeOf(judgeStatement(nodeCrypto, trust, one.token, one.now, one.expected)),
    outcomes: all<StatementFault>({
      ok: true,
      role: true,
      id: true,
      location: true,
      'tls-key': true,
      'not-yet': true,
      expired: true,
      lifetime: true,
      revoked: true,
      'too-large': true,
      malformed: true,
      header: true,
      claims: true,
      'unknown-key': true,
      signature: true,
    }),
  },
  grants: {
    judge: (trust, one) => outcomeOf(judgeGrant(nodeCrypto, trust, one, one.host, one.now)),
    outcomes: all<GrantFault>({ ok: true, 3020: true, 3022: true }),
  },
  proofs: {
    judge: (_, one) => outcomeOf(judgeProof(nodeCrypto, one.token, one.key, one.demand)),
    outcomes: all<ProofFault>({
      ok: true,
      unreadable: true,
      audience: true,
      operation: true,
      nonce: true,
      channel: true,
      digest: true,
      time: true,
      signature: true,
    }),
  },
  'revocation-lists': {
    judge: (trust, one) => outcomeOf(judgeRevocationList(nodeCrypto, trust.bundle, one.token)),
    // One that is too large would be 4 MiB in the repository.
    outcomes: all<Exclude<TokenFault, 'too-large'>>({
      ok: true,
      malformed: true,
      header: true,
      claims: true,
      'unknown-key': true,
      signature: true,
    }),
  },
  'pinned-bundles': {
    judge: (_, one) => outcomeOf(acceptPinnedBundle(nodeCrypto, one.signed, one.pin)),
    outcomes: all<Exclude<BundleFault, 'tenant' | 'not-next' | 'not-signed-by-old'>>({
      ok: true,
      pin: true,
      'too-large': true,
      malformed: true,
      threshold: true,
      'not-signed-by-new': true,
    }),
  },
  'root-bundles': {
    judge: (trust, one) => outcomeOf(acceptNextBundle(nodeCrypto, trust.bundle, one.signed)),
    outcomes: all<Exclude<BundleFault, 'pin'>>({
      ok: true,
      'too-large': true,
      malformed: true,
      threshold: true,
      tenant: true,
      'not-next': true,
      'not-signed-by-old': true,
      'not-signed-by-new': true,
    }),
  },
  news: {
    judge: (trust, one) => {
      const heard = one.heard.reduce((held: Trust, news: Case) => hear(nodeCrypto, held, news, NOW), trust);
      const { rootVersion, listVersion } = versionsOf(heard);
      return `root ${rootVersion}, list ${listVersion}`;
    },
    outcomes: [],
  },
};

for (const [kind, { judge, outcomes }] of Object.entries(KINDS)) {
  const { trust, cases } = JSON.parse(readFileSync(new URL(`${kind}.json`, import.meta.url), 'utf8'));
  for (const one of cases) {
    test(`${kind}: ${one.name} -> ${one.expect}`, () => {
      assert.equal(judge(trustOf(trust, one.revocations), one), one.expect);
    });
  }
  test(`${kind}: every outcome has a vector`, () => {
    const expected = new Set(cases.map(({ expect }: Case) => String(expect)));
    assert.deepEqual(
      outcomes.filter((outcome) => !expected.has(String(outcome))),
      [],
    );
  });
}

test('every file of vectors is judged, and PROTOCOL.md says what is in it', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.json'));
  const document = readFileSync(new URL('../../protocol/PROTOCOL.md', import.meta.url), 'utf8');
  assert.deepEqual(files.toSorted(), Object.keys(KINDS).map((kind) => `${kind}.json`).toSorted());
  for (const file of files) assert.ok(document.includes(`| \`${file}\` |`), file);
});

function trustOf(trust: Case, revocations: string | null | undefined): Trust {
  if (trust === undefined) return trust;
  const bundle = acceptPinnedBundle(nodeCrypto, trust.rootBundle, trust.pin);
  assert.ok(bundle.ok);
  const held = { bundle: bundle.value, signedBundle: trust.rootBundle, history: [trust.rootBundle] };
  if (typeof revocations !== 'string') return held;
  const list = judgeRevocationList(nodeCrypto, bundle.value, revocations);
  return list.ok ? { ...held, list: list.value, listToken: revocations } : held;
}
