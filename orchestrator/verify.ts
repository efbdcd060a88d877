/**
 * Keeps of a model's findings those that are about the change: the quoted code exists, it is new, and the
 * place is worked out here. Nothing that a model says about its own findings is taken on trust.
 */
import { cweOf } from './cwe.ts';
import { REVIEW_CONFIDENCES } from './finding.ts';
import type { ModelFinding, ReviewConfidence, ReviewFinding } from './finding.ts';
import { keyOf } from './identity.ts';
import { findQuote, headOf, isOneBlock } from './quote.ts';
import type { LineRange, QuotePlace } from './quote.ts';
import { shownPath } from './reviewable.ts';

/** A file as it was reviewed. */
export interface ReviewedFile {
  readonly repo: string;
  readonly path: string;
  /** Lines of the content before; absent when the file is new. */
  readonly before?: readonly string[];
  readonly after: readonly string[];
  /** Lines of `after` that the change wrote, and those next to lines that it took away. */
  readonly changed: readonly LineRange[];
  /** Places in `after` where lines stood that are nowhere in it any more. */
  readonly gaps: readonly number[];
}

export type DropReason = 'unknown-file' | 'no-such-code' | 'there-before';

export interface Dropped {
  readonly finding: ModelFinding;
  readonly reason: DropReason;
}

export interface Verified {
  readonly kept: readonly ReviewFinding[];
  readonly dropped: readonly Dropped[];
}

/** Makes an identity of text; a cryptographic hash, in hexadecimal. */
export type Hash = (text: string) => string;

/** What a line that was taken away protected is looked for in so many lines below it, in the same block. */
const GUARDED_LINES = 30;
/** A quote that is in a file more often says nothing about where it is from. */
const MAX_PLACES = 500;

/** Quotes have their secrets back already. */
export function verify(
  findings: readonly ModelFinding[],
  files: readonly ReviewedFile[],
  hash: Hash,
): Verified {
  const kept: ReviewFinding[] = [];
  const dropped: Dropped[] = [];
  for (const finding of findings) {
    const file = fileOf(finding.path, files);
    const verdict = file === undefined ? 'unknown-file' : judge(finding, file, hash);
    if (typeof verdict === 'string') dropped.push({ finding, reason: verdict });
    else kept.push(verdict);
  }
  return { kept, dropped };
}

/** By the name that the model was shown, `repo/path`, or the path alone where only one file has it. */
export function fileOf(path: string, files: readonly ReviewedFile[]): ReviewedFile | undefined {
  const name = path.replace(/^(?:\.\/|[ab]\/(?=.*\/))?/, '');
  const exact = files.find((file) => shownPath(file) === path || shownPath(file) === name);
  if (exact !== undefined) return exact;
  const alike = files.filter((file) => file.path === path || file.path === name);
  return alike.length === 1 ? alike[0] : undefined;
}

function judge(finding: ModelFinding, file: ReviewedFile, hash: Hash): ReviewFinding | DropReason {
  const places = findQuote(file.after, finding.quote);
  if (places.length === 0) return 'no-such-code';
  const fresh = newPlaces(places, file, finding.quote);
  const place =
    fresh.find((each) => touches(each, file.changed)) ??
    fresh[0] ??
    places.slice(0, MAX_PLACES).find((each) => isExposed(each, file));
  if (place === undefined) return 'there-before';
  const inDiff = touches(place, file.changed);
  return {
    ...located(finding, file, place, hash),
    place: inDiff ? 'in-diff' : 'off-diff',
    confidence: atMost(finding.confidence, ceiling(place, inDiff)),
  };
}

/** The finding at a place of its quote, outside of the change until somebody knows better. */
export function located(
  finding: ModelFinding,
  { repo, path }: Pick<ReviewedFile, 'repo' | 'path'>,
  place: LineRange,
  hash: Hash,
): ReviewFinding {
  const cwe = cweOf(finding.category);
  return {
    ...finding,
    repo,
    path,
    line: place.start + 1,
    endLine: place.end,
    place: 'off-diff',
    cwe,
    key: keyOf({ ...finding, repo, path, cwe }, hash),
  };
}

/**
 * Code is old when the text before had it as well, as often, in the same function or block. A call that
 * moved into another one is new: who reaches it there is what the review is about.
 */
function newPlaces(
  places: readonly QuotePlace[],
  { before, after, changed }: ReviewedFile,
  quote: string,
): readonly QuotePlace[] {
  if (before === undefined) return places;
  const then = findQuote(before, quote).slice(0, MAX_PLACES);
  if (then.length === 0) return places;
  const old = new Map<string, number>();
  for (const { start } of then) {
    const head = headOf(before, start);
    old.set(head, (old.get(head) ?? 0) + 1);
  }
  // Places that the change did not touch are the old ones, then those that come first.
  const inOrder = [
    ...places.filter((place) => !touches(place, changed)),
    ...places.filter((place) => touches(place, changed)),
  ];
  return inOrder.slice(0, MAX_PLACES).filter((place) => {
    const head = headOf(after, place.start);
    const left = old.get(head) ?? 0;
    old.set(head, left - 1);
    return left <= 0 && touches(place, changed);
  });
}

/** Whether old code lost something that stood before it: a check that is gone makes a finding of what it guarded. */
function isExposed({ start }: LineRange, { after, gaps }: ReviewedFile): boolean {
  return gaps.some(
    (gap) =>
      gap <= start && start - gap <= GUARDED_LINES && isOneBlock(after.slice(gap, start + 1)),
  );
}

export function touches({ start, end }: LineRange, changed: readonly LineRange[]): boolean {
  return changed.some((range) => range.start < end && start < range.end);
}

/** What the code itself lets a finding claim. */
function ceiling({ exact }: QuotePlace, inDiff: boolean): ReviewConfidence {
  if (!inDiff) return 'low';
  return exact ? 'high' : 'medium';
}

export function atMost(claimed: ReviewConfidence, limit: ReviewConfidence): ReviewConfidence {
  const rank = (each: ReviewConfidence): number => REVIEW_CONFIDENCES.indexOf(each);
  return rank(claimed) <= rank(limit) ? claimed : limit;
}
