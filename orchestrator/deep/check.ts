/**
 * Keeps of a reviewer's claims those that the commit bears out: the quote is there, and it is new or a step
 * that is in the change leads to it. Steps that are not there are dropped.
 */
import type { TraceStep, ReviewFinding } from '../finding.ts';
import { restored, restoredCode, restoredText } from '../pack-restore.ts';
import { findQuote } from '../quote.ts';
import type { QuotePlace } from '../quote.ts';
import type { Redactor } from '../redact.ts';
import { readPath } from '../tools/path.ts';
import type { CommitTexts } from '../tools/texts.ts';
import { fileOf, located, touches, verify } from '../verify.ts';
import type { Hash, ReviewedFile } from '../verify.ts';
import type { Claim, ClaimedStep } from './schema.ts';
import type { ClaimDrop, ClaimEnd, Look } from './trail.ts';

/** A claim that stands so far. */
export interface Candidate {
  /** With the confidence that the model claims. */
  readonly finding: ReviewFinding;
  /** Whether the quote is there word for word. */
  readonly exact: boolean;
  readonly look: Look;
}

export interface CheckedClaims {
  readonly candidates: readonly Candidate[];
  readonly dropped: readonly ClaimEnd[];
  /** Paths that anything was claimed about. */
  readonly suspect: ReadonlySet<string>;
}

export interface CheckTools {
  /** Everything under review, also what was too large to be sent. */
  readonly files: readonly ReviewedFile[];
  readonly texts: CommitTexts;
  readonly redactor: Pick<Redactor, 'restore'>;
  readonly hash: Hash;
}

export async function checkClaims(
  claims: readonly Claim[],
  look: Look,
  tools: CheckTools,
): Promise<CheckedClaims> {
  const candidates: Candidate[] = [];
  const dropped: ClaimEnd[] = [];
  const suspect = new Set<string>();
  for (const claim of claims) {
    const { trace: steps, ...finding } = claim;
    const back = restored(finding, tools.redactor);
    const found = await stepsOf(steps, tools);
    for (const path of [back.path, ...found.map(({ path }) => path)])
      suspect.add(shown(path, tools.files));
    const judged = await judge(back, found, tools);
    if (typeof judged === 'string') dropped.push({ look, finding: back, end: judged });
    else candidates.push({ ...judged, look });
  }
  return { candidates, dropped, suspect };
}

async function judge(
  finding: Parameters<typeof located>[0],
  trace: readonly TraceStep[],
  { files, texts, hash }: CheckTools,
): Promise<Omit<Candidate, 'look'> | ClaimDrop> {
  const { kept, dropped } = verify([finding], files, hash);
  const [here] = kept;
  const told = trace.map((step) => ({ ...step, path: shown(step.path, files) }));
  if (here !== undefined) {
    const file = fileOf(finding.path, files);
    const exact = isExact(here, file?.after ?? []);
    return { finding: { ...here, confidence: finding.confidence, trace: told }, exact };
  }
  const reason = dropped[0]?.reason ?? 'no-such-code';
  if (reason === 'no-such-code') return reason;
  const other = await linesOf(finding.path, { files, texts });
  if (other === undefined) return 'unknown-file';
  const last = trace.findLast(({ path }) => path === other.path)?.line ?? 1;
  const place = nearest(findQuote(other.lines, finding.quote), last);
  if (place === undefined) return 'no-such-code';
  if (!trace.some((step) => isInChange(step, files)))
    return reason === 'there-before' ? reason : 'not-connected';
  const repo = files[0]?.repo ?? '';
  const at = located(finding, { repo, path: other.path }, place, hash);
  return { finding: { ...at, trace: told }, exact: place.exact };
}

/** As the other paths of a finding are shown. */
function shown(path: string, files: readonly ReviewedFile[]): string {
  return fileOf(path, files)?.path ?? path;
}

function isInChange({ path, line }: TraceStep, files: readonly ReviewedFile[]): boolean {
  const changed = fileOf(path, files)?.changed ?? [];
  return touches({ start: line - 1, end: line }, changed);
}

async function stepsOf(steps: readonly ClaimedStep[], tools: CheckTools): Promise<TraceStep[]> {
  const found: TraceStep[] = [];
  for (const { path, line, code, note } of steps) {
    const file = await linesOf(restoredText(path.trim(), tools.redactor), tools);
    if (file === undefined) continue;
    const place = nearest(findQuote(file.lines, restoredCode(code, tools.redactor)), line);
    if (place !== undefined) found.push({ path: file.path, line: place.start + 1, note });
  }
  return found;
}

/** Of the change where it is in it, else of the commit. */
async function linesOf(
  path: string,
  { files, texts }: Pick<CheckTools, 'files' | 'texts'>,
): Promise<{ readonly path: string; readonly lines: readonly string[] } | undefined> {
  const changed = fileOf(path, files);
  if (changed !== undefined) return { path: changed.path, lines: changed.after };
  const asked = readPath(path);
  if (!asked.ok) return undefined;
  const text = await texts.text(asked.path);
  return text.kind === 'text' ? { path: asked.path, lines: text.original } : undefined;
}

/** `line` is 1-based. */
function nearest(places: readonly QuotePlace[], line: number): QuotePlace | undefined {
  const away = ({ start }: QuotePlace): number => Math.abs(start + 1 - line);
  return [...places].sort((a, b) => away(a) - away(b))[0];
}

/** Whether the quote is at its line word for word. */
export function isExact(
  { line, endLine = line, quote }: ReviewFinding,
  lines: readonly string[],
): boolean {
  return lines
    .slice(line - 1, endLine)
    .join('\n')
    .includes(quote.trim());
}
