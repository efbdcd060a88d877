/** Which of the changed files a review looks at, and why the others are left out. */
import type { ChangedFile, ChangeSet, Skipped } from './change.ts';
import { countAddedLines } from './hunks-lines.ts';
import { judgeName, type NameVerdict } from './reviewable-names.ts';
import { byRisk } from './risk.ts';

export interface SelectLimits {
  /** Most files in one review. */
  readonly maxFiles: number;
  /** Above so many source files nothing is reviewed: a checkout or a mass rewrite, not a turn's work. */
  readonly tooManyFiles: number;
}

export const DEFAULT_SELECT_LIMITS: SelectLimits = { maxFiles: 30, tooManyFiles: 300 };

/** Most bytes of one side of a file that are looked at, and of all files together. */
const MAX_CONTENT_BYTES = 1_000_000;
const MAX_TOTAL_BYTES = 8_000_000;
/** Where a file is looked at to tell text from binary. */
const SAMPLE_BYTES = 65_536;

export type Selection =
  | {
      readonly kind: 'selected';
      /** Riskiest first. */
      readonly files: readonly ChangedFile[];
      readonly skipped: readonly Skipped[];
    }
  | { readonly kind: 'nothing'; readonly skipped: readonly Skipped[] }
  | { readonly kind: 'too-many'; readonly count: number; readonly limit: number };

const NAME_REASONS: Readonly<Record<Exclude<NameVerdict, 'source'>, string>> = {
  'not-source': 'not source code',
  generated: 'generated code',
  dependency: 'in a folder of dependencies or build output',
  'lock-file': 'a lock file',
  'secret-file': 'may hold secrets as a whole, so it is never sent',
};

/** Every file of `changes` is either in `files` or in `skipped`, unless there are too many. */
export function selectReviewable(
  changes: ChangeSet,
  limits: SelectLimits = DEFAULT_SELECT_LIMITS,
): Selection {
  const skipped = [...changes.skipped];
  const source: ChangedFile[] = [];
  for (const file of changes.files) {
    const reason = reasonAgainst(file);
    if (reason === undefined) source.push(file);
    else skipped.push({ path: shownPath(file), reason });
  }
  if (source.length > limits.tooManyFiles)
    return { kind: 'too-many', count: source.length, limit: limits.tooManyFiles };
  if (source.length === 0) return { kind: 'nothing', skipped };
  const ranked = byRisk(
    source.map((file) => ({
      file,
      path: file.path,
      deleted: file.status === 'deleted',
      added: countAddedLines(file.before, file.after),
    })),
  ).map(({ file }) => file);
  const files: ChangedFile[] = [];
  let bytes = 0;
  for (const file of ranked) {
    const size = (file.before?.length ?? 0) + (file.after?.length ?? 0);
    const reason =
      files.length >= limits.maxFiles
        ? `beyond the ${limits.maxFiles} riskiest files of ${source.length}`
        : bytes + size > MAX_TOTAL_BYTES
          ? `beyond ${MAX_TOTAL_BYTES} bytes of content in all files together`
          : undefined;
    if (reason === undefined) {
      files.push(file);
      bytes += size;
    } else skipped.push({ path: shownPath(file), reason });
  }
  return { kind: 'selected', files, skipped };
}

/** The path with its repository in front, where there are several. */
export function shownPath({ repo, path }: Pick<ChangedFile, 'repo' | 'path'>): string {
  return repo === '' ? path : `${repo}/${path}`;
}

function reasonAgainst(file: ChangedFile): string | undefined {
  // Where a secret file was renamed to something harmless, its content is still what it was.
  const names = [file.path, ...(file.oldPath === undefined ? [] : [file.oldPath])];
  if (names.some((name) => judgeName(name) === 'secret-file')) return NAME_REASONS['secret-file'];
  const verdict = judgeName(file.path);
  const isPointer = isLinkOrSubmodule(file.beforeMode) || isLinkOrSubmodule(file.afterMode);
  if (verdict !== 'source' && !isPointer) return NAME_REASONS[verdict];
  const sides = [file.before, file.after].filter((side) => side !== undefined);
  if (sides.length === 0 && file.status !== 'mode') return 'its content was not read';
  const largest = Math.max(0, ...sides.map((side) => side.length));
  if (largest > MAX_CONTENT_BYTES)
    return `too large: ${largest} bytes, at most ${MAX_CONTENT_BYTES} are looked at`;
  if (sides.some(looksBinary)) return 'binary content';
  return undefined;
}

function isLinkOrSubmodule(mode: string | undefined): boolean {
  return mode === '120000' || mode === '160000';
}

/**
 * Whether a tenth of the beginning is bytes that text has not. A single NUL does not make a file binary:
 * that would be an easy way past the review.
 */
export function looksBinary(bytes: Uint8Array): boolean {
  const isUtf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return false;
  const end = Math.min(bytes.length, SAMPLE_BYTES);
  let odd = 0;
  for (let i = 0; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b) || byte === 0x7f) odd++;
  }
  return odd * 10 >= end && odd > 0;
}
