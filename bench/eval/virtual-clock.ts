/** A clock that goes only when something is played back, or when everybody waits. */
import type { Clock } from '../../orchestrator/ports.ts';

export interface VirtualClock extends Clock {
  /** Lets time pass, and wakes who waits for it. */
  advance(ms: number): void;
}

export function createVirtualClock(): VirtualClock {
  let time = 0;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  const advance = (ms: number): void => {
    const target = time + ms;
    const due = [...sleepers]
      .filter(({ until }) => until <= target)
      .sort((a, b) => a.until - b.until);
    for (const { until, wake } of due) {
      time = Math.max(time, until);
      wake();
    }
    time = target;
  };
  return {
    monotonic: () => time,
    wall: () => time,
    advance,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const sleeper = {
          until: time + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal.addEventListener('abort', sleeper.wake);
        // Whatever can go on has gone on by then: a reply is played back without waiting.
        setImmediate(() => {
          const first = Math.min(...[...sleepers].map(({ until }) => until));
          if (sleepers.has(sleeper) && first !== Infinity) advance(Math.max(0, first - time));
        });
      }),
  };
}
