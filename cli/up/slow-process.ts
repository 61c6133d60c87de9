/** Lets a process run only in slices, as an overloaded machine would. Works for every component, whatever it speaks. */
import { type ProcessIdentity, signal } from './process-identity.ts';

/** Milliseconds: an answer that needs no waiting comes up to 400 ms late, one that needs several turns later still. */
const FROZEN_MS = 400;
const RUNNING_MS = 100;

/** Returns how to speed it up: the process then runs freely. */
export function slowDown(identity: ProcessIdentity): () => void {
  let timer: NodeJS.Timeout;
  const freeze = () => {
    signal(identity, 'SIGSTOP');
    timer = setTimeout(thaw, FROZEN_MS);
  };
  const thaw = () => {
    signal(identity, 'SIGCONT');
    timer = setTimeout(freeze, RUNNING_MS);
  };
  freeze();
  return () => {
    clearTimeout(timer);
    signal(identity, 'SIGCONT');
  };
}
