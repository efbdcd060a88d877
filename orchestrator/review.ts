/**
 * A review from changes to verdict: select, redact, pack, call, verify, dedupe. It ends clean, with findings,
 * or not reviewed with a reason; there is no fourth way.
 */
import { callModel } from './call.ts';
import type { Attempt, CallFailure, CallMeans, CallOutcome } from './call.ts';
import { renderCandidates, renderEarlier } from './candidates.ts';
import type { Candidate, Earlier } from './candidates.ts';
import type { ChangeSet, Skipped } from './change.ts';
import { dedupe } from './dedupe.ts';
import { renderOpen } from './earlier.ts';
import type { Fate, OpenFinding } from './earlier.ts';
import type { Coverage, NotReviewedReason, ReviewOutcome } from './finding.ts';
import { mergeGuidance } from './guidance.ts';
import type { GuidanceFile } from './guidance.ts';
import { usageOf } from './money.ts';
import { prepareFiles } from './pack-prepare.ts';
import type { PreparedFile } from './pack-prepare.ts';
import { restored, restoredCode } from './pack-restore.ts';
import { halved, pack } from './pack.ts';
import type { Pack, PackLimits } from './pack.ts';
import { buildPrompt, PROMPT_VERSION } from './prompt.ts';
import type { Markers, Prompt, PromptParts, Words } from './prompt.ts';
import type { Redactor } from './redact.ts';
import { selectReviewable } from './reviewable.ts';
import type { SelectLimits } from './reviewable.ts';
import { ANSWER_SCHEMA, decodeAnswer } from './schema.ts';
import type { Answer } from './schema.ts';
import type { ModelRequest, ToolSpec } from './transport.ts';
import { verify } from './verify.ts';
import type { DropReason, Hash, Verified } from './verify.ts';

/** What is reviewed, and on which basis. */
export interface ReviewInput {
  readonly changes: ChangeSet;
  readonly guidance: readonly GuidanceFile[];
  readonly candidates: readonly Candidate[];
  readonly earlier: readonly Earlier[];
  /** Asked about where their files are shown. */
  readonly open?: readonly OpenFinding[];
  /** Keys of findings that were told. */
  readonly known: ReadonlySet<string>;
  /** Identities of hunks that were reviewed clean. */
  readonly clean: ReadonlySet<string>;
  readonly model: string;
  readonly select: SelectLimits;
  readonly limits: PackLimits;
}

export interface ReviewTools {
  readonly redactor: Redactor;
  readonly hash: Hash;
  /** The session's policy marker and a fresh one for the data. */
  readonly markers: () => Markers;
}

export interface CallTools extends CallMeans {
  /** Two answers are asked for at once, and what either finds counts. */
  readonly isDual: boolean;
}

/** What would be sent. */
export type ReviewPlan =
  | { readonly kind: 'clean'; readonly coverage: Coverage }
  | { readonly kind: 'not-reviewed'; readonly reason: NotReviewedReason; readonly detail: string }
  | {
      readonly kind: 'send';
      readonly request: (size: 'full' | 'half') => ModelRequest | undefined;
      /** Of the request of that size. */
      readonly pack: (size: 'full' | 'half') => Pack;
      readonly coverage: (size: 'full' | 'half') => Coverage;
      /** All that is under review, made ready to be packed. */
      readonly prepared: readonly PreparedFile[];
    };

export interface Reviewed {
  readonly outcome: ReviewOutcome;
  /** Identities of hunks to remember as clean. */
  readonly clean: readonly string[];
  readonly attempts: readonly Attempt[];
  /** What became of `ReviewInput.open`, in the model's words, with the secrets back in its quotes. */
  readonly fates: readonly Fate[];
  /** Findings of the model that did not stand, by reason. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Every finding of the model, by whether it stood before `dedupe`. */
  readonly verified: Verified;
}

/** Beside the outcome of a review in which nobody answered. */
export const NOTHING_REVIEWED: Omit<Reviewed, 'outcome'> = {
  clean: [],
  attempts: [],
  fates: [],
  dropped: {},
  verified: { kept: [], dropped: [] },
};

const MAX_TOKENS = 16_000;
/** A text that has a random marker in it is met by another one; more often is no chance. */
const MARKER_TRIES = 4;

/** What a kind of review asks for. */
export interface Asking {
  readonly version: string;
  /** Those of `buildPrompt` when absent. */
  readonly words?: Words;
  readonly schema: ModelRequest['schema'];
  readonly tools?: readonly ToolSpec[];
}

const ONE_CALL: Asking = { version: PROMPT_VERSION, schema: ANSWER_SCHEMA };

/** Everything before the call: pure, so that it can be shown without one. */
export function planReview(
  input: ReviewInput,
  tools: ReviewTools,
  asking: Asking = ONE_CALL,
): ReviewPlan {
  const selection = selectReviewable(input.changes, input.select);
  if (selection.kind === 'too-many') {
    const detail = `${selection.count} source files, at most ${selection.limit}`;
    return { kind: 'not-reviewed', reason: 'too-many-files', detail };
  }
  if (selection.kind === 'nothing')
    return { kind: 'clean', coverage: { reviewed: [], left: selection.skipped } };
  const { redactor, hash } = tools;
  const guidance = mergeGuidance(input.guidance, redactor);
  const prepared = prepareFiles(selection.files, redactor);
  const before: readonly Skipped[] = [
    ...selection.skipped,
    ...prepared.left,
    ...(guidance.cut === undefined ? [] : [{ path: 'guidance', reason: guidance.cut }]),
  ];
  const basis = [asking.version, input.model, guidance.text];
  const packed = (limits: PackLimits): Pack =>
    pack(prepared.files, { limits, basis, clean: input.clean, hash });
  const full = packed(input.limits);
  let half: Pack | undefined;
  const packOf = (size: 'full' | 'half'): Pack =>
    size === 'full' ? full : (half ??= packed(halved(input.limits, full)));
  const coverage = (size: 'full' | 'half'): Coverage => {
    const { reviewed, left } = packOf(size);
    return { reviewed, left: [...before, ...left] };
  };
  if (full.text === '') return { kind: 'clean', coverage: coverage('full') };
  const parts = {
    guidance: guidance.text,
    candidates: renderCandidates(input.candidates, redactor),
    earlier: renderEarlier(input.earlier, redactor),
  };
  return {
    kind: 'send',
    pack: packOf,
    coverage,
    prepared: prepared.files,
    request(size) {
      const { text, reviewed } = packOf(size);
      if (text === '') return undefined;
      const shown = (input.open ?? []).filter(({ files }) =>
        files.some((file) => reviewed.includes(file)),
      );
      const open = renderOpen(shown, redactor);
      const prompt = promptOf({ ...parts, open, change: text }, tools.markers, asking.words);
      if (!prompt.ok) return undefined;
      return {
        model: input.model,
        system: prompt.system,
        prompt: prompt.prompt,
        schema: asking.schema,
        ...(asking.tools === undefined ? {} : { tools: asking.tools }),
        maxTokens: MAX_TOKENS,
        effort: 'high',
        thinking: true,
      };
    },
  };
}

function promptOf(parts: PromptParts, markers: () => Markers, words: Words | undefined): Prompt {
  let prompt = buildPrompt(parts, markers(), words);
  for (let tries = 1; !prompt.ok && tries < MARKER_TRIES; tries++)
    prompt = buildPrompt(parts, markers(), words);
  return prompt;
}

/** Never rejects for what a repository holds or a provider does. */
export async function review(
  input: ReviewInput,
  tools: ReviewTools,
  call: CallTools,
): Promise<Reviewed> {
  const plan = planReview(input, tools);
  const none = NOTHING_REVIEWED;
  if (plan.kind === 'clean')
    return { outcome: { kind: 'clean', coverage: plan.coverage, usage: undefined }, ...none };
  if (plan.kind === 'not-reviewed') return { outcome: { ...plan, usage: undefined }, ...none };
  const answers = await Promise.all(
    Array.from({ length: call.isDual ? 2 : 1 }, () => ask(plan, call)),
  );
  const attempts = answers.flatMap(({ outcome }) => outcome.attempts);
  const usage = usageOf(attempts);
  const good = answers.flatMap(({ outcome, size }) =>
    outcome.kind === 'answer' ? [{ ...outcome.value, size }] : [],
  );
  const [first] = good;
  if (first === undefined) {
    const failed = answers.map(({ outcome }) => outcome).find(({ kind }) => kind === 'failed');
    const failure = failed?.kind === 'failed' ? failed.failure : 'network';
    const detail = failed?.kind === 'failed' ? failed.detail : '';
    return {
      outcome: { kind: 'not-reviewed', reason: REASONS[failure], detail, usage },
      ...none,
      attempts,
    };
  }
  // What both saw is what the smaller of the two packs holds.
  const size = good.some((each) => each.size === 'half') ? 'half' : 'full';
  const { files, hunks } = plan.pack(size);
  const claimed = good.flatMap(({ findings }) =>
    findings.map((finding) => restored(finding, tools.redactor)),
  );
  const verified = verify(claimed, files, tools.hash);
  const findings = dedupe(verified.kept, input.known);
  const suspect = new Set(claimed.map(({ path }) => path));
  const coverage = plan.coverage(size);
  return {
    outcome:
      findings.length === 0
        ? { kind: 'clean', coverage, usage }
        : { kind: 'findings', findings, coverage, usage },
    clean: hunks.filter(({ path }) => !suspect.has(path)).map(({ id }) => id),
    attempts,
    fates: restoredFates(
      good.flatMap(({ fates }) => fates),
      tools.redactor,
    ),
    dropped: counted(verified.dropped.map(({ reason }) => reason)),
    verified,
  };
}

interface Asked {
  readonly outcome: CallOutcome<Answer>;
  readonly size: 'full' | 'half';
}

async function ask(plan: Extract<ReviewPlan, { kind: 'send' }>, call: CallTools): Promise<Asked> {
  let size: 'full' | 'half' = 'full';
  const outcome = await callModel({
    ...call,
    decode: decodeAnswer,
    makeRequest(wanted) {
      size = wanted;
      return plan.request(wanted);
    },
  });
  return { outcome, size };
}

/** Why there is no verdict when a call ended so. */
export const REASONS: Readonly<Record<CallFailure, NotReviewedReason>> = {
  auth: 'auth',
  'rate-limit': 'busy',
  overloaded: 'busy',
  server: 'busy',
  network: 'network',
  'bad-request': 'request',
  'too-large': 'request',
  refusal: 'refused',
  truncated: 'reply',
  schema: 'reply',
  'not-json': 'reply',
  stall: 'timed-out',
  timeout: 'timed-out',
  deadline: 'timed-out',
  'unknown-model': 'unknown-model',
  cancelled: 'cancelled',
  budget: 'budget',
};

/** The model saw stand-ins, and files have what they stand for. */
export function restoredFates(
  fates: readonly Fate[],
  redactor: Pick<Redactor, 'restore'>,
): readonly Fate[] {
  return fates.map((fate) => ({ ...fate, quote: restoredCode(fate.quote, redactor) }));
}

function counted(reasons: readonly DropReason[]): Partial<Record<DropReason, number>> {
  const counts: Partial<Record<DropReason, number>> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
