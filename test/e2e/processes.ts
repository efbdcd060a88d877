/** The processes of a scratch folder: found by its name, which is in the arguments of each of them. */
import { processesWith } from '../support/processes.ts';
import type { Running } from '../support/processes.ts';

/** Processes with `root` in their arguments, this one not among them. */
export function processesOf(root: string): readonly Running[] {
  return processesWith(root);
}

/** Sends SIGKILL to them; says what there was. */
export function killProcessesOf(root: string): readonly Running[] {
  const running = processesOf(root);
  for (const { pid } of running) sendSignal(pid, 'SIGKILL');
  return running;
}

/** False when there is no such process. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Asks until `get` gives something. Throws after `timeoutMs`, naming `what`. */
export async function until<Value>(
  what: string,
  get: () => Value | undefined | Promise<Value | undefined>,
  timeoutMs = 15_000,
): Promise<Value> {
  const begun = performance.now();
  for (;;) {
    const value = await get();
    if (value !== undefined) return value;
    if (performance.now() - begun > timeoutMs)
      throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await pause(20);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
