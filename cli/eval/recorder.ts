/** Writes a recording line by line, so that what was paid for is kept when a run is stopped. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { CassetteHead, Taped } from '../../bench/eval/cassette.ts';

export type OpenRecorder =
  | { readonly ok: true; readonly recorder: Recorder }
  | { readonly ok: false; readonly message: string };

export interface Recorder {
  readonly tape: (taped: Taped) => void;
  /** Why a line could not be written; undefined while all could. */
  readonly problem: () => string | undefined;
  readonly close: () => void;
}

/** Only for the user's own eyes, and never over a file that is there. */
export function openRecorder(path: string, head: CassetteHead): OpenRecorder {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    return { ok: false, message: reasonOf(error) };
  }
  let problem: string | undefined;
  const write = (line: CassetteHead | Taped): void => {
    if (problem !== undefined) return;
    try {
      writeSync(file, `${JSON.stringify(line)}\n`);
    } catch (error) {
      problem = reasonOf(error);
    }
  };
  write(head);
  return {
    ok: true,
    recorder: { tape: write, problem: () => problem, close: () => closeSync(file) },
  };
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST') return 'it is there already; name another file, or remove it first';
  return error instanceof Error ? error.message : String(error);
}
