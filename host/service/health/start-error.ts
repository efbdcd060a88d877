/** A failure of a start that knows where it happened and what it means. */
import { codeOfErrno } from './codes.ts';
import type { CodeName, Phase } from './codes.ts';

/** Thrown inside the service while it starts; `cause` is what was caught. */
export class StartError extends Error {
  readonly phase: Phase;
  readonly code: CodeName;

  constructor(phase: Phase, code: CodeName, cause?: unknown) {
    super(messageOf(cause, code), cause === undefined ? {} : { cause });
    this.name = 'StartError';
    this.phase = phase;
    this.code = code;
  }
}

/**
 * The code of anything that was thrown: of a StartError its own, else by errno, by the kind of error and
 * by its causes. `uncategorised` when nothing tells.
 */
export function codeOf(error: unknown): CodeName {
  let each = error;
  // A chain of causes may be a ring.
  for (let depth = 0; depth < 8 && each instanceof Error; depth++) {
    if (each instanceof StartError) return each.code;
    const code = codeOfErrno(errnoOf(each) ?? '') ?? codeOfKind(each);
    if (code !== undefined) return code;
    each = each.cause;
  }
  return 'uncategorised';
}

/** The errno name, or Node's own `code`, of an error; undefined when it has none. */
export function errnoOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code !== '' ? code : undefined;
}

/** `error` as a StartError of `phase`: one that is such already keeps its own phase and code. */
export function startErrorOf(phase: Phase, error: unknown): StartError {
  return error instanceof StartError ? error : new StartError(phase, codeIn(phase, error), error);
}

/** Phases that read the plugin's own files: what is missing or odd there is the plugin's. */
const READS_PLUGIN: ReadonlySet<Phase> = new Set(['wasm', 'rules']);

function codeIn(phase: Phase, error: unknown): CodeName {
  const code = codeOf(error);
  if (!READS_PLUGIN.has(phase)) return code;
  if (code === 'folder-gone' || code === 'not-a-directory') return 'missing-file';
  return code === 'uncategorised' ? 'corrupt-file' : code;
}

/** The one line that `main.js` writes to stderr when it cannot start; `readFailureLine` reads it. */
export function failureLine(error: StartError): string {
  const errno = errnoOf(error.cause);
  const type = error.cause instanceof Error ? error.cause.name : undefined;
  const detail = [type, errno].filter((part) => part !== undefined).join(' ');
  const message = error.message.replace(/[\r\n]+/g, ' ').slice(0, 500);
  return `sg-service: ${error.phase}: ${error.code}: ${detail === '' ? '' : `[${detail}] `}${message}\n`;
}

/** V8 has no code for memory that it did not get: it says so in words, which are told apart by kind first. */
function codeOfKind(error: Error): CodeName | undefined {
  const { name, message } = error;
  if (name === 'RangeError' && /allocat|out of memory|invalid array buffer length/i.test(message)) {
    return 'out-of-memory';
  }
  if (/out of memory/i.test(message)) return 'out-of-memory';
  if (name === 'CompileError' || name === 'LinkError') return 'corrupt-file';
  return undefined;
}

function messageOf(cause: unknown, code: CodeName): string {
  if (cause instanceof Error) return cause.message;
  return typeof cause === 'string' ? cause : code;
}
