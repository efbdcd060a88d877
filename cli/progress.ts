/** A line on a terminal's standard error that says how far a command is; nothing anywhere else. */
import type { Output } from './io.ts';

export interface Progress {
  /** Replaces the line, when it is old enough. */
  update(text: string): void;
  clear(): void;
}

const INTERVAL_MS = 100;

export function createProgress(stderr: Output, now: () => number): Progress {
  let shown = 0;
  const write = (text: string): void => void stderr.write(`\r\u001b[2K${text}`);
  return {
    update(text) {
      if (!stderr.isTTY || now() - shown < INTERVAL_MS) return;
      shown = now();
      write(text);
    },
    clear() {
      if (shown > 0) write('');
    },
  };
}
