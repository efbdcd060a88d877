/** A clock that goes only when everybody waits. */
import type { Clock } from '../../orchestrator/ports.ts';

export function fakeClock(): Clock {
  let time = 0;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  const tick = (): void => {
    const next = [...sleepers].sort((a, b) => a.at - b.at)[0];
    if (next === undefined || next.at === Infinity) return;
    time = Math.max(time, next.at);
    next.wake();
    arm();
  };
  /** Only when nothing else is about to happen. */
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    clearTimeout(timer);
    if (sleepers.size > 0) timer = setTimeout(tick, 5);
  };
  return {
    monotonic: () => time,
    wall: () => 1_800_000_000_000 + time,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = {
          at: time + ms,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        if (signal.aborted) return resolve();
        signal.addEventListener('abort', sleeper.wake);
        sleepers.add(sleeper);
        arm();
      }),
  };
}
