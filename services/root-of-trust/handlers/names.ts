/** `POST /v1/names`: a Workspace says which people, groups and devices were seen. */
import type * as v from 'valibot';
import type { CLOUD } from '#protocol/cloud-api';
import { noteSeen } from '../known-names.ts';
import type { Root } from '../root.ts';

export function takeNames({ store, now }: Root) {
  return async ({ names }: v.InferOutput<typeof CLOUD.tellNames.request>): Promise<object> => {
    await noteSeen(store, names, now());
    return {};
  };
}
