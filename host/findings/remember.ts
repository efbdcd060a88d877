/** What becomes of kept findings with one more review: a pure function of both, so that it can be run under a lock. */
import type { Fate } from '../../orchestrator/earlier.ts';
import type { ReviewFinding } from '../../orchestrator/finding.ts';
import { isSame, keyOf } from '../../orchestrator/identity.ts';
import type { Hash } from '../../orchestrator/verify.ts';
import type { ReviewedFiles } from './files.ts';
import { withState } from './kept.ts';
import type { KeptFinding, Sighting } from './kept.ts';
import { dayOf } from './time.ts';

/** One repository's part of a review. */
export interface Round {
  readonly sighting: Sighting;
  /** What it reported. */
  readonly findings: readonly ReviewFinding[];
  /** Fingerprints of kept findings whose files are not as they were. */
  readonly asked: ReadonlySet<string>;
  /** What the reviewer said of them, by fingerprint. */
  readonly fates: ReadonlyMap<string, Fate>;
  readonly files: ReviewedFiles;
  readonly hash: Hash;
}

export interface Resolved {
  readonly finding: ReviewFinding;
  /** Why it counts as fixed, as the end of a sentence. */
  readonly evidence: string;
}

export interface Remembered {
  /** Of this review, to be told. */
  readonly findings: readonly ReviewFinding[];
  /** Of earlier ones: their files have changed, and they are still there. */
  readonly open: readonly Open[];
  readonly resolved: readonly Resolved[];
  /** Reported again although the user accepted them, or called them false. */
  readonly dismissed: number;
}

export interface Open {
  readonly finding: ReviewFinding;
  /** The session that was told of it last. */
  readonly session: string;
}

export const NOTHING_REMEMBERED: Remembered = {
  findings: [],
  open: [],
  resolved: [],
  dismissed: 0,
};

/** The kept findings after the review, and what it comes to. */
export function remember(
  kept: readonly KeptFinding[],
  round: Round,
): { readonly kept: readonly KeptFinding[]; readonly remembered: Remembered } {
  const now = new Map(kept.map((each) => [each.fingerprint, each]));
  const seen = new Set<string>();
  const findings: ReviewFinding[] = [];
  let dismissed = 0;
  for (const finding of round.findings) {
    const safe = round.files.safe(finding);
    const fingerprint = keyOf(safe, round.hash);
    const known = now.get(fingerprint) ?? [...now.values()].find((each) => isIt(each, safe, round));
    const next = seenAgain(known ?? newKept(fingerprint, safe, round), safe, round);
    now.set(next.fingerprint, next);
    seen.add(next.fingerprint);
    if (next.state === 'new') findings.push(withPast(finding, known, round));
    else dismissed += 1;
  }
  const open: Open[] = [];
  const resolved: Resolved[] = [];
  for (const each of now.values()) {
    const { fingerprint, state, last } = each;
    if (state !== 'new' || seen.has(fingerprint) || !round.asked.has(fingerprint)) continue;
    const judged = judge(each, round);
    now.set(fingerprint, judged.kept);
    if (judged.evidence !== undefined)
      resolved.push({ finding: each.finding, evidence: judged.evidence });
    else if (judged.isOpen)
      open.push({
        session: last.session,
        finding: { ...judged.kept.finding, past: stillOpen(each) },
      });
  }
  return { kept: [...now.values()], remembered: { findings, open, resolved, dismissed } };
}

/** The same defect by its code, or what its code was made into. */
function isIt(kept: KeptFinding, safe: ReviewFinding, round: Round): boolean {
  const { finding } = kept;
  if (isSame(finding, safe)) return true;
  return isRewritten(kept, round) && isSame({ ...finding, quote: safe.quote }, safe);
}

/** Its code is not what it was; without a symbol nothing says what took its place. */
function isRewritten({ fingerprint, state, finding }: KeptFinding, round: Round): boolean {
  if (state !== 'new' || finding.symbol === '' || !round.asked.has(fingerprint)) return false;
  return round.files.find(finding.path, finding.quote) === undefined;
}

function newKept(
  fingerprint: string,
  safe: ReviewFinding,
  { sighting, files }: Round,
): KeptFinding {
  return {
    fingerprint,
    state: 'new',
    first: sighting,
    last: sighting,
    times: 0,
    history: [],
    finding: { ...safe, key: fingerprint },
    contents: contentsOf(safe, files),
  };
}

function seenAgain(
  kept: KeptFinding,
  safe: ReviewFinding,
  { sighting, files }: Round,
): KeptFinding {
  const next = {
    ...kept,
    last: sighting,
    times: kept.times + 1,
    finding: { ...safe, key: kept.fingerprint },
    contents: contentsOf(safe, files),
  };
  if (kept.state !== 'fixed') return next;
  const { at, layer } = sighting;
  const author = `review of a ${layer}`;
  return withState(next, { at, state: 'new', reason: 'it is back', author });
}

function withPast(
  finding: ReviewFinding,
  known: KeptFinding | undefined,
  round: Round,
): ReviewFinding {
  if (known?.state === 'fixed') {
    const fixed = known.history.findLast(({ state }) => state === 'fixed')?.at ?? known.last.at;
    return { ...finding, past: `was fixed on ${dayOf(fixed)}, is back` };
  }
  return known !== undefined && isRewritten(known, round)
    ? { ...finding, past: stillOpen(known) }
    : finding;
}

interface Judged {
  readonly kept: KeptFinding;
  /** Why it counts as fixed. */
  readonly evidence?: string;
  readonly isOpen?: boolean;
}

/**
 * A reviewer's word counts where the code bears it out: what is still there has to be quoted from a file, and what is
 * resolved is in a file that changed. Without a word only code that is gone counts.
 */
function judge(kept: KeptFinding, { files, fates, sighting }: Round): Judged {
  const { finding, fingerprint } = kept;
  const place = files.find(finding.path, finding.quote);
  const fate = fates.get(fingerprint);
  const looked = { ...kept, contents: contentsOf(finding, files) };
  const isGone = place === undefined && files.isKnown(finding.path);
  const gone = `its code is gone from ${finding.path}`;
  const evidence =
    fate?.fate === 'resolved'
      ? `${isGone ? `${gone}, and ` : ''}the reviewer found it resolved`
      : fate === undefined && isGone
        ? `${gone}: probably fixed`
        : undefined;
  if (evidence !== undefined) {
    const { at, layer } = sighting;
    const author = `review of a ${layer}`;
    return { evidence, kept: withState(looked, { at, state: 'fixed', reason: evidence, author }) };
  }
  if (fate === undefined)
    return {
      kept: place === undefined ? looked : { ...looked, finding: { ...finding, ...at(place) } },
    };
  const claimed = files.findAnywhere(finding.path, fate.quote);
  const found = claimed ?? place;
  if (found === undefined) return { kept: looked };
  const moved = { ...finding, ...at(found) };
  const now = claimed === undefined ? moved : files.safe({ ...moved, quote: fate.quote });
  return {
    isOpen: true,
    kept: { ...looked, finding: { ...now, key: fingerprint }, contents: contentsOf(now, files) },
  };
}

function at({ path, start, end }: { path: string; start: number; end: number }) {
  return { path, line: start + 1, endLine: end };
}

/** Of all files that it is about, as far as they are known. */
export function filesOf({ path, trace = [] }: ReviewFinding): readonly string[] {
  return [...new Set([path, ...trace.map((step) => step.path)])];
}

function contentsOf(finding: ReviewFinding, files: ReviewedFiles): KeptFinding['contents'] {
  return Object.fromEntries(
    filesOf(finding).flatMap((path) => {
      const digest = files.digest(path);
      return digest === undefined ? [] : [[path, digest]];
    }),
  );
}

function stillOpen({ first }: KeptFinding): string {
  return `still open, reported first on ${dayOf(first.at)}`;
}
