/** Reads what a process that did not come up left behind: its exit, its signal and its stderr. */
import { codeNamed, codeOfErrno, phaseNamed } from './codes.ts';
import type { CodeName, Phase } from './codes.ts';
import { bucketOf } from './signature.ts';

/** How a process ended. Both null: it has not. */
export interface Exit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface Failure {
  readonly phase: Phase;
  readonly code: CodeName;
  /** Name of the class of what was thrown. */
  readonly exceptionType?: string;
  readonly errno?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  /** Of stderr, for `uncategorised` ones. */
  readonly bucket?: number;
}

/** Signals as a shell or a container tells them in an exit code, 128 above their number. */
const SIGNAL_OF_EXIT: Readonly<Record<number, string>> = {
  134: 'SIGABRT',
  137: 'SIGKILL',
  139: 'SIGSEGV',
};

/** The signal that ended a process, also where only its exit code tells; undefined when none did. */
export function signalOf({ exitCode, signal }: Exit): string | undefined {
  if (signal !== null) return signal;
  if (exitCode === null) return undefined;
  return exitCode < 0 ? `SIGNAL${-exitCode}` : SIGNAL_OF_EXIT[exitCode];
}

/**
 * Explains the end of a process that should have come up. `reached` is the phase that it had come to as
 * far as it was seen; `known` are paths that its stderr may name.
 */
export function explainEnding(
  exit: Exit,
  stderr: string,
  reached: Phase,
  known: readonly string[],
): Failure {
  const signal = signalOf(exit);
  const said = readFailureLine(stderr);
  const fallback = signal === undefined ? codeOfSilence(exit, stderr) : 'killed-by-signal';
  const code = said?.code ?? codeOfWords(stderr) ?? fallback;
  const exceptionType = said?.exceptionType ?? thrownIn(stderr);
  return {
    phase: said?.phase ?? reached,
    code,
    ...(exceptionType === undefined ? {} : { exceptionType }),
    ...(said?.errno === undefined ? {} : { errno: said.errno }),
    ...(exit.exitCode === null ? {} : { exitCode: exit.exitCode }),
    ...(signal === undefined ? {} : { signal }),
    ...(code === 'uncategorised' ? { bucket: bucketOf(stderr, known) } : {}),
  };
}

function codeOfSilence({ exitCode }: Exit, stderr: string): CodeName {
  if (exitCode === null) return 'timeout';
  return stderr.trim() === '' ? 'ended' : 'uncategorised';
}

type Said = Pick<Failure, 'phase' | 'code' | 'exceptionType' | 'errno'>;

/** Reads the line of `failureLine`, the last one where there are several. */
function readFailureLine(stderr: string): Said | undefined {
  const line = /^sg-service: ([a-z-]{1,40}): ([a-z-]{1,40}): ?(?:\[([\w ]{1,80})\] )?/m;
  for (const text of stderr.split('\n').toReversed()) {
    const [, phaseName = '', codeName = '', detail = ''] = line.exec(text) ?? [];
    const phase = phaseNamed(phaseName);
    if (phase === undefined) continue;
    const words = detail.split(' ').filter(Boolean);
    const errno = words.find((word) => /^[A-Z][A-Z0-9_]+$/.test(word));
    const type = words.find((word) => word !== errno);
    // A newer service may know codes that this starter does not.
    const code = codeNamed(codeName) ?? codeOfErrno(errno ?? '') ?? 'uncategorised';
    return {
      phase,
      code,
      ...(type === undefined ? {} : { exceptionType: type }),
      ...(errno === undefined ? {} : { errno }),
    };
  }
  return undefined;
}

/** What the runtime itself says when it cannot go on: it has no error to throw by then. */
const WORDS: readonly (readonly [RegExp, CodeName])[] = [
  [
    /out of memory|Allocation failed|could not allocate memory|bad_alloc|Cannot allocate memory|Failed to reserve|virtual memory/i,
    'out-of-memory',
  ],
  [
    /pthread_create|uv_thread_create|ERR_WORKER_INIT_FAILED|Resource temporarily unavailable/i,
    'no-threads',
  ],
  [/Cannot find (?:module|package)|MODULE_NOT_FOUND/, 'missing-file'],
  [/EMFILE|ENFILE|Too many open files/i, 'too-many-files'],
  [/ENOSPC|No space left/i, 'disk-full'],
  [/\bSyntaxError\b/, 'corrupt-file'],
];

function codeOfWords(stderr: string): CodeName | undefined {
  return WORDS.find(([pattern]) => pattern.test(stderr))?.[1];
}

function thrownIn(stderr: string): string | undefined {
  return /^(?:Uncaught )?([A-Z]\w{0,60}(?:Error|Exception))\b/m.exec(stderr)?.[1];
}
