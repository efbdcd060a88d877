/** Names a process so that a later one with the same id is not taken for it. */
import { readFileSync } from 'node:fs';
import { isAlive } from './lock.ts';

export interface Owner {
  readonly pid: number;
  /** When it was started, in the kernel's own words; empty where the system does not tell. */
  readonly start: string;
}

export function thisProcess(): Owner {
  return { pid: process.pid, start: startOf(process.pid) };
}

export function isRunning({ pid, start }: Owner): boolean {
  if (!isAlive(pid)) return false;
  const now = startOf(pid);
  return now !== ENDED && (start === '' || now === '' || now === start);
}

/** In place of a time: nobody has asked yet how it ended, so that it keeps its id. */
const ENDED = 'ended';

/** The 22nd field of Linux' `/proc/PID/stat`; the second one is in parentheses and may hold anything. */
function startOf(pid: number): string {
  if (process.platform !== 'linux') return '';
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? ENDED : (fields[18] ?? '');
  } catch {
    return '';
  }
}
