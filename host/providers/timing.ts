/** The machine's own time. */
import type { Timing } from './provider.ts';

export const systemTiming: Timing = {
  now: Date.now,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
