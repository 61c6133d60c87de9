/** P5, the cryptography of it: making lease files on one core, ours against the same files made with jose; opening one on the device. */
import * as jose from 'jose';
import type { Leasable } from '#core/access/resolve';
import { TYP } from '#protocol/jose';
import { leaseBuilder } from '../../core/lease/build.ts';
import { judgeHeldLease } from '../../core/lease/judge-held.ts';
import { nodeCrypto } from '../../runtime/jose/primitives.ts';
import { batchSealer } from '../../runtime/jose/seal.ts';
import { newEd25519, newId, newP256, publicHalf } from '../../runtime/jose/sign.ts';
import { DAY, MARA, NOW, newDevice, newWorld, TENANT, WORKSPACE } from '../vectors/world.ts';
import { type Figure, interleaved, judge, median } from './measure.ts';

const RESOURCES = 300;
/** every resource in a delivery group of its own: three files each are really made, nothing is shared */
const FILES = RESOURCES * 3;

export async function measure(): Promise<Figure[]> {
  const world = newWorld();
  const device = newDevice();
  const siteKey = publicHalf(newP256());
  const one = world.leasable.locations.slice(0, 1);
  const leasables: Leasable[] = Array.from({ length: RESOURCES }, (_, index) => ({
    ...world.leasable,
    locations: one,
    deliveryGroup: `group-${index}`,
    resource: { ...world.leasable.resource, id: `app-${index}` },
  }));
  const target = {
    tenant: TENANT,
    workspace: WORKSPACE,
    user: MARA,
    device: { jkt: device.jkt, enc: device.enc },
    iat: NOW,
    leaseSeconds: 7 * DAY,
  };
  const means = { crypto: nodeCrypto, signer: world.issuer, newId, locationKeys: () => [siteKey] };
  const theirSigner = await jose.importJWK({ ...newEd25519() }, 'EdDSA');
  const [theirDevice, theirSite] = await Promise.all([
    jose.importJWK({ ...device.enc }, 'ECDH-ES+A256KW'),
    jose.importJWK({ ...siteKey }, 'ECDH-ES+A256KW'),
  ]);
  const theirFile = async (claims: object, reader: Awaited<ReturnType<typeof jose.importJWK>>, kid: string) => {
    const jws = await new jose.CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'EdDSA', typ: TYP.metadata, kid: 'x' })
      .sign(theirSigner);
    return new jose.CompactEncrypt(new TextEncoder().encode(jws))
      .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'JWT', kid })
      .encrypt(reader);
  };

  const made = await interleaved(
    {
      ours: () => leasables.map(leaseBuilder(target, { ...means, seal: batchSealer() })),
      jose: async () => {
        for (const leasable of leasables) {
          await theirFile({ ...target, leasable }, theirDevice, device.jkt);
          await theirFile({ user: MARA, ...leasable.resource }, theirSite, 'site');
          await theirFile({ pool: leasable.deliveryGroup }, theirSite, 'site');
        }
      },
    },
    7,
  );
  const perSecond = (ms: number) => (FILES / ms) * 1_000;

  const [leasable] = leasables;
  if (leasable === undefined) throw new Error('no resource to lease');
  const { files } = leaseBuilder(target, { ...means, seal: batchSealer() })(leasable);
  const owner = { workspace: WORKSPACE, subject: MARA.subject, jkt: device.jkt };
  const trust = world.trustWith();
  const OPENINGS = 200;
  const opened = await interleaved(
    {
      ours: () => {
        for (let round = 0; round < OPENINGS; round++) {
          if (!judgeHeldLease(nodeCrypto, trust, device.unseal, files, owner, NOW).ok) throw new Error('the lease does not open');
        }
      },
    },
    9,
  );
  return [
    judge(
      'P5',
      'lease files made on one core, nothing shared (peer: jose)',
      perSecond(median(made.ours)),
      'files/s',
      { atLeast: 6_000 },
      perSecond(median(made.jose)),
    ),
    judge('P5', 'opening one held lease', median(opened.ours) / OPENINGS, 'ms', { atMost: 0.25 }),
  ];
}
