/** What a terminal shows while a model is asked. */
import type { Io } from '../io.ts';
import { createProgress } from '../progress.ts';

/** Says on a terminal what goes on, and for how long. */
export async function whileAsking<T>(
  first: string,
  io: Io,
  start: (say: (words: string) => void) => Promise<T>,
): Promise<T> {
  const now = (): number => performance.now();
  const progress = createProgress(io.stderr, now);
  const begun = now();
  let words = first;
  const show = (): void => {
    const seconds = Math.round((now() - begun) / 1000);
    progress.update(`${words}, ${seconds} s`);
  };
  show();
  const timer = setInterval(show, 1000);
  try {
    return await start((next) => {
      words = next;
      show();
    });
  } finally {
    clearInterval(timer);
    progress.clear();
  }
}
