/** Which processes run, told by the kernel itself: `ps` and `pgrep` are not on every machine. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Running {
  readonly pid: number;
  /** The command with its arguments. */
  readonly args: string;
}

/** Processes whose command holds `text`, this one not among them. Throws where there is no /proc. */
export function processesWith(text: string): Running[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), args: commandOf(Number(name)) }))
    .filter(({ pid, args }) => pid !== process.pid && args.includes(text));
}

/** Arguments with spaces between; empty for a process that has ended. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
