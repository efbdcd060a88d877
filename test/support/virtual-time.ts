/** One time for clocks and timers, which stands until a test moves it. */
import type { Timing } from '../../host/providers/provider.ts';
import type { Clock } from '../../orchestrator/ports.ts';

export interface VirtualTime {
  readonly clock: Clock;
  readonly timing: Timing;
  /** Milliseconds since the beginning. */
  readonly elapsed: () => number;
  /** Waits that run now, in milliseconds, the deadline of `clock.sleep` and pauses included. */
  readonly pending: () => readonly number[];
  /** Timers that were ever set through `timing`. */
  readonly armed: () => number;
  /** Lets time pass, and everything run that is due by then, in its order. */
  advance(ms: number): void;
  /** Moves on to the next thing that is due. */
  step(): void;
}

interface Timer {
  readonly at: number;
  readonly ms: number;
  readonly run: () => void;
}

/** `origin` is the wall's time at the beginning, in milliseconds since 1970. */
export function virtualTime(origin: number): VirtualTime {
  let time = 0;
  let armed = 0;
  const timers = new Set<Timer>();
  const set = (ms: number, run: () => void): (() => void) => {
    const timer = { at: time + ms, ms, run };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const next = (): Timer | undefined => [...timers].sort((a, b) => a.at - b.at)[0];
  const advance = (ms: number): void => {
    const until = time + ms;
    for (let timer = next(); timer !== undefined && timer.at <= until; timer = next()) {
      timers.delete(timer);
      time = Math.max(time, timer.at);
      timer.run();
    }
    time = until;
  };
  return {
    clock: {
      monotonic: () => time,
      wall: () => origin + time,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) return resolve();
          const cancel = set(ms, resolve);
          signal.addEventListener('abort', () => {
            cancel();
            resolve();
          });
        }),
    },
    timing: {
      now: () => origin + time,
      after(ms, run) {
        armed += 1;
        return set(ms, run);
      },
    },
    elapsed: () => time,
    pending: () => [...timers].map(({ ms }) => ms),
    armed: () => armed,
    advance,
    step() {
      const timer = next();
      if (timer !== undefined) advance(timer.at - time);
    },
  };
}
