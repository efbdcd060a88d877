/**
 * Tries to break each candidate by itself, with its own hunk and files. A refutation counts only if all code
 * that it quotes is in what the refuter was shown; everything else leaves the candidate unverified.
 */
import { callModel } from '../call.ts';
import type { Attempt, CallMeans } from '../call.ts';
import type { ReviewFinding } from '../finding.ts';
import { pack } from '../pack.ts';
import type { PreparedFile } from '../pack-prepare.ts';
import { restoredCode, restoredText } from '../pack-restore.ts';
import { visible } from '../pack-text.ts';
import type { Markers } from '../prompt.ts';
import { findQuote } from '../quote.ts';
import type { Redactor } from '../redact.ts';
import { excerpt } from '../tools/lines.ts';
import type { CommitTexts } from '../tools/texts.ts';
import type { ModelRequest } from '../transport.ts';
import type { Hash } from '../verify.ts';
import type { Candidate } from './check.ts';
import { REFUTE, REFUTE_SYSTEM_PROMPT } from './prompt.ts';
import { decodeRefutation, REFUTATION_SCHEMA } from './schema.ts';
import type { Evidence } from './schema.ts';
import type { Verdict } from './standing.ts';

export interface RefuteTools {
  readonly model: string;
  readonly prepared: readonly PreparedFile[];
  readonly texts: CommitTexts;
  readonly redactor: Redactor;
  readonly markers: () => Markers;
  readonly hash: Hash;
  readonly means: CallMeans;
  /** Of the clock's monotonic time. */
  readonly until: number;
  readonly onVerdict?: (done: number, of: number) => void;
}

export interface Judged {
  readonly candidate: Candidate;
  readonly verdict: Verdict | 'refuted';
  /** A refutation that quotes what is not there. */
  readonly isVoid: boolean;
}

export interface Refuted {
  /** In the order of the candidates. */
  readonly judged: readonly Judged[];
  readonly attempts: readonly Attempt[];
}

const AT_ONCE = 3;
const MAX_TOKENS = 8_000;
/** Lines on each side of a step, and of the finding itself; bytes of one excerpt and of the hunks. */
const AROUND_STEP = 40;
const AROUND_FINDING = 200;
const MAX_EXCERPT_BYTES = 40_000;
const MAX_HUNK_BYTES = 40_000;

export async function refuteAll(
  candidates: readonly Candidate[],
  tools: RefuteTools,
): Promise<Refuted> {
  const judged = new Map<Candidate, Judged>();
  const attempts: Attempt[] = [];
  const queue = [...candidates];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      judged.set(next, await judge(next, tools, attempts));
      tools.onVerdict?.(judged.size, candidates.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { judged: candidates.flatMap((each) => judged.get(each) ?? []), attempts };
}

async function judge(
  candidate: Candidate,
  tools: RefuteTools,
  attempts: Attempt[],
): Promise<Judged> {
  const { means, until, redactor } = tools;
  const unverified: Judged = { candidate, verdict: 'unverified', isVoid: false };
  const files = await shownFiles(candidate.finding, tools);
  const request = requestFor(candidate.finding, files, tools);
  const deadlineMs = until - means.clock.monotonic();
  if (request === undefined || deadlineMs <= 0) return unverified;
  const outcome = await callModel({
    ...means,
    deadlineMs,
    makeRequest: (size) => (size === 'full' ? request : undefined),
    decode: decodeRefutation,
  });
  attempts.push(...outcome.attempts);
  if (outcome.kind === 'failed') return unverified;
  const { verdict, evidence } = outcome.value;
  if (verdict === 'unsure') return unverified;
  if (verdict === 'upheld') return { ...unverified, verdict };
  const holds = evidence.length > 0 && evidence.every((each) => isShown(each, files, redactor));
  return holds ? { ...unverified, verdict } : { ...unverified, isVoid: true };
}

/** A part of a file that the refuter sees. */
interface ShownPart {
  readonly path: string;
  readonly text: string;
  /** The same lines as they are. */
  readonly original: readonly string[];
}

function isShown(
  { path, quote }: Evidence,
  files: readonly ShownPart[],
  redactor: Redactor,
): boolean {
  const name = restoredText(path.trim(), redactor);
  const code = restoredCode(quote, redactor);
  return files.some((file) => file.path === name && findQuote(file.original, code).length > 0);
}

/** The finding's surroundings, then those of its steps that are not in them. */
async function shownFiles(
  { path, line, trace = [] }: ReviewFinding,
  { texts }: RefuteTools,
): Promise<readonly ShownPart[]> {
  const parts: (ShownPart & { readonly from: number; readonly to: number })[] = [];
  const places = [
    { path, line, around: AROUND_FINDING },
    ...trace.map((step) => ({ ...step, around: AROUND_STEP })),
  ];
  for (const place of places) {
    if (
      parts.some(
        ({ path, from, to }) => path === place.path && from < place.line && place.line <= to,
      )
    )
      continue;
    const file = await texts.text(place.path);
    if (file.kind === 'none') continue;
    const from = Math.max(0, place.line - 1 - place.around);
    const lines = place.line + place.around - from;
    const { text, start, end } = excerpt(file.lines, from, { lines, bytes: MAX_EXCERPT_BYTES });
    parts.push({
      path: place.path,
      text: `${text}(lines ${start + 1}-${end} of ${file.lines.length})\n`,
      original: file.original.slice(start, end),
      from: start,
      to: end,
    });
  }
  return parts;
}

function requestFor(
  finding: ReviewFinding,
  files: readonly ShownPart[],
  tools: RefuteTools,
): ModelRequest | undefined {
  const { model, redactor, markers } = tools;
  const plain = (text: string): string => visible(redactor.redact(text));
  const { path, line, category, title, attack, quote, trace = [] } = finding;
  const claim = [
    `${path}:${line} ${category}: ${title}`,
    `attack: ${attack}`,
    ...quote.split('\n').map((code) => `code | ${code}`),
    ...trace.map((step) => `step ${step.path}:${step.line} ${step.note}`),
  ].map(plain);
  const material = [
    `The claim:\n${claim.join('\n')}\n`,
    hunksOf(finding, tools),
    ...files.map((file) => `The file ${plain(file.path)} in the commit:\n${file.text}`),
  ].join('\n');
  const { data } = markers();
  if (material.toLowerCase().includes(data.toLowerCase())) return undefined;
  return {
    model,
    system: REFUTE_SYSTEM_PROMPT,
    prompt: `<data ${data}>\n${material}</data ${data}>\n${REFUTE}`,
    schema: REFUTATION_SCHEMA,
    maxTokens: MAX_TOKENS,
    effort: 'high',
    thinking: true,
  };
}

/** Of the change: the hunks that the finding or one of its steps is in; without any, all of its file. */
function hunksOf(
  { path, line, endLine = line, trace = [] }: ReviewFinding,
  { prepared, hash }: RefuteTools,
): string {
  const places = [
    { path, from: line, to: endLine },
    ...trace.map((step) => ({ path: step.path, from: step.line, to: step.line })),
  ];
  const files = prepared.flatMap((file) => {
    const own = places.filter((place) => place.path === file.original.path);
    if (own.length === 0) return [];
    const hunks = file.hunks.filter(({ lines }) =>
      lines.some(({ after }) => own.some(({ from, to }) => from <= after && after <= to)),
    );
    return [{ ...file, hunks: hunks.length === 0 ? file.hunks : hunks }];
  });
  const limits = { perFile: MAX_HUNK_BYTES, total: MAX_HUNK_BYTES };
  const { text } = pack(files, { limits, basis: [], clean: new Set(), hash });
  return text === '' ? 'The change did not touch these files.\n' : `The change:\n${text}`;
}
