/** What strangers are refused at the ports of gateway, connector and session host, in the log. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ServerAnswer } from '#protocol/channel';
import { TYP } from '#protocol/jose';
import type { Log } from '#runtime/log/log';
import { SILENT } from '../log.ts';
import { grantClaims } from '../vectors/world.ts';
import { type Field, openField, presentLease, proofOn } from './whole-location.ts';

const DEADLINE_MS = 5_000;
const REFUSED = 120;
const clock = { ms: 0 };
let lines: string[] = [];
const log: Log = { ...SILENT, info: (_, message) => void lines.push(message), child: () => log };

let field: Field;
before(async () => {
  field = await openField({ log, nowMs: () => clock.ms });
  await field.settled();
});
after(() => field.close());

const connector = () => field.connectors[0] ?? assert.fail();

/** Each asks with a key of its own: what one device may ask for is another limit. */
const REFUSE: Readonly<Record<string, { says: string; ask(): Promise<ServerAnswer> }>> = {
  gateway: {
    says: 'Launch refused.',
    ask: async () => {
      const channel = await field.open(field.gateway.address, { roles: ['gateway'] });
      return channel.present(presentLease(field, field.device(), channel, field.lease(field.device())), DEADLINE_MS);
    },
  },
  connector: {
    says: 'Launch refused.',
    ask: async () => {
      const channel = await field.open(connector().address, { roles: ['connector'] });
      return channel.present(presentLease(field, field.device(), channel, field.lease(field.device())), DEADLINE_MS);
    },
  },
  'session host': {
    says: 'Session refused.',
    ask: async () => {
      const [device, owner] = [field.device(), field.device()];
      const channel = await field.open(field.host.address, { roles: ['session-host'] });
      const grant = connector().component.signer.sign(TYP.grant, grantClaims(owner, { iat: field.now(), exp: field.now() + 60 }));
      const proof = proofOn(channel, device, 'attach', grant, field.now());
      const { publicKey: key } = device.signer;
      const statement = connector().component.statement();
      return channel.present({ type: 'present', op: 'attach', correlationId: '7f3a91c2', key, proof, grant, statement }, DEADLINE_MS);
    },
  },
};

for (const [where, { says, ask }] of Object.entries(REFUSE))
  test(`B-S3g what one source is refused at a ${where} has a hundred lines, and ten more a second later`, async () => {
    const told = async (times: number): Promise<number> => {
      lines = [];
      for (let n = 0; n < times; n++) assert.equal((await ask()).type, 'refusal');
      return lines.filter((line) => line === says).length;
    };
    assert.equal(await told(REFUSED), 100);
    clock.ms += 1_000;
    assert.equal(await told(20), 10);
  });
