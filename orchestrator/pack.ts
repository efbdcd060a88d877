/** The change as one text under a byte budget, with what did not fit said in it and to the caller. */
import type { Skipped } from './change.ts';
import type { Hunk } from './hunks.ts';
import { byteLength } from './pack-text.ts';
import type { PreparedFile } from './pack-prepare.ts';
import { renderHunk, renderLine } from './pack-render.ts';
import type { Hash, ReviewedFile } from './verify.ts';

export interface PackLimits {
  /** Bytes of UTF-8. */
  readonly perFile: number;
  readonly total: number;
}

export const DEFAULT_PACK_LIMITS: PackLimits = { perFile: 80_000, total: 400_000 };

/** For a request that was too large, with the pack that it had: less of it, or nothing. */
export function halved({ perFile, total }: PackLimits, { bytes }: Pick<Pack, 'bytes'>): PackLimits {
  return { perFile: perFile >> 1, total: Math.min(total, bytes) >> 1 };
}

export interface PackOptions {
  readonly limits: PackLimits;
  /** What a verdict on a hunk depends on beside the hunk: prompt version, model, guidance. */
  readonly basis: readonly string[];
  /** Identities of hunks that were reviewed and found clean on the same basis. */
  readonly clean: ReadonlySet<string>;
  readonly hash: Hash;
}

export interface PackedHunk {
  readonly path: string;
  /** The same for the same hunk in the same file on the same basis, wherever its lines are. */
  readonly id: string;
}

export interface Pack {
  /** Empty when everything was reviewed before. */
  readonly text: string;
  readonly bytes: number;
  /** Files that `text` shows something of. */
  readonly files: readonly ReviewedFile[];
  /** Paths of `files`, and of files that were reviewed before. */
  readonly reviewed: readonly string[];
  readonly left: readonly Skipped[];
  /** Hunks that are in `text` as a whole: those of files without a finding are clean. */
  readonly hunks: readonly PackedHunk[];
}

/** Kept free in a file's budget for the sentence that says what is missing. */
const NOTE_BYTES = 400;
/** Of a file that is gone, its beginning tells what it was. */
const DELETED_BYTES = 4_000;

/** Takes the files in their order until the total is reached. */
export function pack(files: readonly PreparedFile[], options: PackOptions): Pack {
  const { limits } = options;
  const texts: string[] = [];
  let bytes = 0;
  const result = {
    files: [] as ReviewedFile[],
    reviewed: [] as string[],
    left: [] as Skipped[],
    hunks: [] as PackedHunk[],
  };
  for (const file of files) {
    const packed = packFile(file, Math.min(limits.perFile, limits.total - bytes), options);
    if (packed.missing > 0)
      result.left.push({
        path: file.path,
        reason: `${packed.missing} of ${packed.changed} changed lines are beyond the size limit`,
      });
    if (packed.kind === 'no-room') {
      if (packed.missing === 0)
        result.left.push({ path: file.path, reason: 'beyond the size limit of a review' });
      continue;
    }
    result.reviewed.push(file.path);
    if (packed.kind === 'reviewed-before') continue;
    result.files.push(file.original);
    result.hunks.push(...packed.hunks);
    texts.push(packed.text);
    bytes += byteLength(packed.text);
  }
  return { text: texts.join(''), bytes, ...result };
}

interface PackedFile {
  readonly kind: 'packed' | 'reviewed-before' | 'no-room';
  readonly text: string;
  readonly hunks: readonly PackedHunk[];
  /** Changed lines that are not, or not wholly, in the text, of all that had to be. */
  readonly missing: number;
  readonly changed: number;
}

function packFile(file: PreparedFile, budget: number, options: PackOptions): PackedFile {
  const known = (hunk: Hunk): boolean => options.clean.has(identity(file, hunk, options));
  const fresh = file.hunks.filter((hunk) => !known(hunk));
  const whole = headIdentity(file, options);
  const headIsFresh = file.notes.length > 0 && !options.clean.has(whole);
  const changed = sum(fresh.map(changedLines));
  const nothing = { text: '', hunks: [], missing: 0, changed };
  if (fresh.length === 0 && !headIsFresh) return { kind: 'reviewed-before', ...nothing };
  const head = headOf(file);
  let room =
    (file.deleted ? Math.min(budget, DELETED_BYTES) : budget) - byteLength(head) - NOTE_BYTES;
  if (room < 0) return { kind: 'no-room', ...nothing, missing: changed };
  const body: string[] = [];
  const hunks: PackedHunk[] = headIsFresh ? [{ path: file.path, id: whole }] : [];
  const missing: Gap[] = [];
  for (const hunk of fresh) {
    const rendered = renderHunk(hunk, file.moved);
    const size = byteLength(rendered.text);
    if (size <= room) {
      body.push(rendered.text);
      room -= size;
      if (rendered.cutLines.length === 0)
        hunks.push({ path: file.path, id: identity(file, hunk, options) });
      missing.push(...rendered.cutLines.map((line) => ({ from: line, to: line, lines: 1 })));
      continue;
    }
    const part = beginning(hunk, file, room);
    body.push(part.text);
    room -= byteLength(part.text);
    missing.push(...part.missing);
  }
  const before = file.hunks.length - fresh.length;
  const text = `${head}${body.join('')}${noteOf(missing, before)}\n`;
  return { kind: 'packed', text, hunks, missing: sum(missing.map(({ lines }) => lines)), changed };
}

interface Gap {
  /** 1-based, after the change where the line is still there. */
  readonly from: number;
  readonly to: number;
  readonly lines: number;
}

/** As many lines of a hunk as there is room for. */
function beginning(
  hunk: Hunk,
  { moved }: PreparedFile,
  room: number,
): { text: string; missing: Gap[] } {
  let { text } = renderHunk({ ...hunk, lines: [] }, moved);
  let left = room - byteLength(text);
  const missing: Gap[] = [];
  const cut: number[] = [];
  let shown = 0;
  for (const line of hunk.lines) {
    const rendered = renderLine(line);
    left -= byteLength(rendered.text);
    if (left < 0) break;
    text += rendered.text;
    if (rendered.isCut && line.sign !== ' ') cut.push(line.after || line.before);
    shown++;
  }
  missing.push(...cut.map((line) => ({ from: line, to: line, lines: 1 })));
  const rest = hunk.lines.slice(shown);
  const lines = changedLines({ lines: rest });
  const first = rest[0];
  const last = rest.at(-1);
  if (lines > 0 && first !== undefined && last !== undefined)
    missing.push({
      from: first.after || first.before,
      to: last.after || last.before,
      lines,
    });
  return { text: shown === 0 ? '' : text, missing };
}

function headOf({ label, notes, deleted }: PreparedFile): string {
  const said = [...(deleted ? ['deleted'] : []), ...notes].map((note) => ` (${note})`).join('');
  return `file: ${label}${said}\n`;
}

const MAX_GAPS = 12;

/** At most `NOTE_BYTES`. */
function noteOf(missing: readonly Gap[], before: number): string {
  const notes: string[] = [];
  if (missing.length > 0) {
    const places = missing
      .slice(0, MAX_GAPS)
      .map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
    const more = missing.length > MAX_GAPS ? ' and more' : '';
    const count = sum(missing.map(({ lines }) => lines));
    notes.push(`left out for size: ${count} changed lines (${places.join(', ')}${more})\n`);
  }
  if (before > 0) notes.push(`left out: ${before} hunks, reviewed earlier and unchanged since\n`);
  return notes.join('');
}

function identity(file: PreparedFile, hunk: Hunk, { basis, hash }: PackOptions): string {
  const lines = hunk.lines.map(({ sign, text }) => sign + text);
  const { repo, path } = file.original;
  return hash(JSON.stringify(['hunk', basis, repo, path, hunk.heading, lines]));
}

function headIdentity({ original, notes }: PreparedFile, { basis, hash }: PackOptions): string {
  return hash(JSON.stringify(['file', basis, original.repo, original.path, notes]));
}

function changedLines({ lines }: Pick<Hunk, 'lines'>): number {
  return lines.filter(({ sign }) => sign !== ' ').length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
