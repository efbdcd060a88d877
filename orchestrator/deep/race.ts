/** Two ways to an answer: the second joins when the first is late or fails, and only an answer wins. */
import type { Clock, MakeAbort } from '../ports.ts';
import type { AbortSignalLike } from '../transport.ts';

export interface RaceOptions<First, Second> {
  readonly first: (signal: AbortSignalLike) => Promise<First>;
  readonly second: (signal: AbortSignalLike) => Promise<Second>;
  readonly isAnswer: (end: First | Second) => boolean;
  /** Whether the second has a chance where the first failed so. */
  readonly mayJoin: (end: First) => boolean;
  /** Undefined: nobody joins. */
  readonly delayMs: number | undefined;
  readonly clock: Clock;
  readonly makeAbort: MakeAbort;
  readonly signal?: AbortSignalLike;
}

export interface RaceEnd<First, Second> {
  /** Undefined when none has an answer. */
  readonly winner: 'first' | 'second' | undefined;
  readonly first: First;
  /** Absent when it did not join. */
  readonly second?: Second;
}

/** The loser is aborted and waited for, so that what it cost is known. */
export async function race<First, Second>(
  options: RaceOptions<First, Second>,
): Promise<RaceEnd<First, Second>> {
  const { isAnswer, mayJoin, delayMs, clock, makeAbort, signal } = options;
  const aborts = { first: makeAbort(), second: makeAbort(), wait: makeAbort() };
  const stop = (): void => Object.values(aborts).forEach((each) => each.abort());
  signal?.addEventListener('abort', stop);
  if (signal?.aborted === true) stop();
  try {
    const first = options.first(aborts.first.signal);
    if (delayMs === undefined) {
      const end = await first;
      return { winner: isAnswer(end) ? 'first' : undefined, first: end };
    }
    const late = clock.sleep(delayMs, aborts.wait.signal).then(() => undefined);
    const early = await Promise.race([first.then((end) => ({ end })), late]);
    aborts.wait.abort();
    if (signal?.aborted === true || (early !== undefined && isAnswer(early.end)))
      return ended(await first, isAnswer);
    if (early !== undefined && !mayJoin(early.end)) return { winner: undefined, first: early.end };
    const second = options.second(aborts.second.signal);
    const winner = await firstAnswer(
      [first.then(isAnswer), 'first'],
      [second.then(isAnswer), 'second'],
    );
    if (winner === 'first') aborts.second.abort();
    if (winner === 'second') aborts.first.abort();
    return { winner, first: await first, second: await second };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function ended<First, Second>(
  first: First,
  isAnswer: (end: First) => boolean,
): RaceEnd<First, Second> {
  return { winner: isAnswer(first) ? 'first' : undefined, first };
}

type Name = 'first' | 'second';

function firstAnswer(
  ...runners: readonly (readonly [Promise<boolean>, Name])[]
): Promise<Name | undefined> {
  return new Promise((resolve, reject) => {
    let running = runners.length;
    for (const [runner, name] of runners)
      runner.then((hasAnswer) => {
        running -= 1;
        if (hasAnswer) resolve(name);
        else if (running === 0) resolve(undefined);
      }, reject);
  });
}
