/** The machine's own clock, as reviews take it. */
import type { Clock } from '../../orchestrator/ports.ts';

export const systemClock: Clock = {
  monotonic: () => performance.now(),
  wall: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      // A longer delay than a timer can have would end at once.
      const timer = setTimeout(done, Math.min(ms, 2 ** 31 - 1));
      signal.addEventListener('abort', done);
    }),
};
