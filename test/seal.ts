import type { Seal } from '#core/crypto';
import { batchSealer } from '#runtime/jose/seal';

/** Seals one content with an agreement of its own. */
export const seal: Seal = (jws, reader) => batchSealer()(jws, reader);
