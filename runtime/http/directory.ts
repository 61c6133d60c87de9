/** Fetches the root of trust's directory before the next poll, because a peer is missing from our copy. */
import type { Component } from '../component/component.ts';

/** ms: one fetch serves everybody who needs one at about the same time. */
const SAME_LOOK_MS = 250;
const looks = new WeakMap<Component, { readonly at: number; readonly done: Promise<boolean> }>();

/** Resolves to whether the root answered. */
export function readDirectoryAgain(component: Component): Promise<boolean> {
  const last = looks.get(component);
  if (last !== undefined && performance.now() - last.at < SAME_LOOK_MS) return last.done;
  const done = component.refresh();
  looks.set(component, { at: performance.now(), done });
  return done;
}
