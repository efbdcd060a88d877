/** Changed files made ready to be packed: redacted, compared, and with what moved between them. */
import { decodeText } from '../engine/text/decode.ts';
import { decodeUtf8 } from '../engine/text/utf8.ts';
import type { ChangedFile, Skipped } from './change.ts';
import { type Change, diffLines } from './hunks-diff.ts';
import { splitLines } from './hunks-lines.ts';
import { findMoves } from './hunks-moves.ts';
import { type Hunk, hunksOf } from './hunks.ts';
import { visible } from './pack-text.ts';
import { foldLine, type LineRange } from './quote.ts';
import type { Redactor, RedactSource } from './redact.ts';
import { shownPath } from './reviewable.ts';
import type { ReviewedFile } from './verify.ts';

/** A run of added lines that stood elsewhere before. */
export interface MovedHere {
  readonly lines: number;
  readonly from: string;
}

export interface PreparedFile {
  /** For people, and as findings name it. */
  readonly path: string;
  /** The same for the prompt: redacted, and nothing hidden in it. */
  readonly label: string;
  /** What happened to the file as a whole, for the prompt. */
  readonly notes: readonly string[];
  readonly deleted: boolean;
  /** Redacted. */
  readonly hunks: readonly Hunk[];
  /** By the 1-based line after the change at which they begin. */
  readonly moved: ReadonlyMap<number, MovedHere>;
  /** As it is, for `verify`. Never sent. */
  readonly original: ReviewedFile;
}

export interface Prepared {
  /** In the order that they were given. */
  readonly files: readonly PreparedFile[];
  readonly left: readonly Skipped[];
}

const NO_BYTES = new Uint8Array(0);
/** Where a word without quotes is a value and not a variable. */
const DATA =
  /\.(?:ya?ml|json[5c]?|toml|ini|cfg|conf|cnf|properties|tfvars|xml|plist|(?:ba|z|k|fi)?sh|bat|cmd|mk)$|(?:^|\/)(?:dockerfile|containerfile|makefile|procfile)[^/]*$/i;

export function isDataFile(path: string): boolean {
  return DATA.test(path);
}

/** Nothing of a file that cannot be redacted is kept. `context` is lines around a change. */
export function prepareFiles(
  files: readonly ChangedFile[],
  redactor: Redactor,
  context = 3,
): Prepared {
  const sources = files.flatMap((file): RedactSource[] => {
    const isData = isDataFile(file.path);
    return [
      { bytes: file.before ?? NO_BYTES, isData },
      { bytes: file.after ?? NO_BYTES, isData },
    ];
  });
  const redacted = redactor.redactAll(sources);
  const ready: Omit<PreparedFile, 'moved'>[] = [];
  const left: Skipped[] = [];
  files.forEach((file, index) => {
    const before = redacted[index * 2];
    const after = redacted[index * 2 + 1];
    const path = shownPath(file);
    if (before?.ok === true && after?.ok === true)
      ready.push(
        prepared(file, path, [splitLines(before.text), splitLines(after.text)], redactor, context),
      );
    else {
      const refused = [before, after].find((side) => side?.ok === false);
      left.push({ path, reason: refused?.ok === false ? refused.reason : 'not sent' });
    }
  });
  const moves = findMoves(ready.map(({ hunks }) => hunks));
  return {
    files: ready.map((file, index) => ({
      ...file,
      moved: new Map(
        moves
          .filter(({ to }) => to.file === index)
          .map(({ from, to, lines }) => [
            to.line,
            { lines, from: `${ready[from.file]?.label ?? ''}:${from.line}` },
          ]),
      ),
    })),
    left,
  };
}

function prepared(
  file: ChangedFile,
  path: string,
  [before, after]: readonly [readonly string[], readonly string[]],
  redactor: Redactor,
  context: number,
): Omit<PreparedFile, 'moved'> {
  const changes = diffLines(before, after);
  const shown = (text: string): string => visible(redactor.redact(text));
  return {
    path,
    label: shown(path),
    notes: notesOf(file, shown),
    deleted: file.status === 'deleted',
    hunks: hunksOf(before, after, changes, context),
    original: {
      repo: file.repo,
      path: file.path,
      ...(file.before === undefined ? {} : { before: linesOf(file.before) }),
      after: linesOf(file.after ?? NO_BYTES),
      changed: changes.map(changedRange),
      gaps: gapsOf(changes, before, after),
    },
  };
}

const KINDS: Readonly<Record<string, string>> = {
  '100755': 'an executable file',
  '120000': 'a symbolic link, its target is the content',
  '160000': 'a submodule, its commit is the content',
};

function notesOf(file: ChangedFile, shown: (text: string) => string): string[] {
  const notes: string[] = [];
  if (file.oldPath !== undefined) notes.push(`renamed from ${shown(file.oldPath)}`);
  const { beforeMode, afterMode } = file;
  if (afterMode !== undefined && beforeMode !== undefined && afterMode !== beforeMode)
    notes.push(`mode ${beforeMode} became ${afterMode}`);
  const kind = KINDS[afterMode ?? beforeMode ?? ''];
  if (kind !== undefined) notes.push(kind);
  return notes;
}

/** Where lines were only taken away, the change is about the lines on both sides. */
function changedRange({ afterStart, afterEnd }: Change): LineRange {
  return afterStart < afterEnd
    ? { start: afterStart, end: afterEnd }
    : { start: Math.max(0, afterStart - 1), end: afterEnd + 1 };
}

/** Not where code was moved, or only laid out anew. */
function gapsOf(
  changes: readonly Change[],
  before: readonly string[],
  after: readonly string[],
): number[] {
  const kept = new Set(after.map(foldLine));
  return changes.flatMap(({ beforeStart, beforeEnd, afterStart }) =>
    before
      .slice(beforeStart, beforeEnd)
      .every((line) => kept.has(foldLine(line)) || !/\w/.test(line))
      ? []
      : [afterStart],
  );
}

function linesOf(bytes: Uint8Array): string[] {
  return splitLines(decodeUtf8(decodeText(bytes)));
}
