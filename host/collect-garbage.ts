/** Gives memory back after something large: V8 by itself waits for more of it. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A function that collects garbage soon, once, however often it is called in the meantime. */
export function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  let pending = false;
  return () => {
    if (pending || typeof collect !== 'function') return;
    pending = true;
    setImmediate(() => {
      pending = false;
      collect();
    });
  };
}
