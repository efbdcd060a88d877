/** One deep review from its first request to its outcome. */
import type { Attempt, CallFailure } from '../call.ts';
import type { Skipped } from '../change.ts';
import type { Fate } from '../earlier.ts';
import type { Coverage, ReviewFinding, ReviewOutcome } from '../finding.ts';
import { usageOf } from '../money.ts';
import { REASONS, restoredFates, review } from '../review.ts';
import type { CallTools, Reviewed, ReviewPlan } from '../review.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import type { AbortSignalLike } from '../transport.ts';
import { fileOf } from '../verify.ts';
import { isExact } from './check.ts';
import type { Candidate, CheckTools } from './check.ts';
import { investigate } from './investigate.ts';
import type { Investigated } from './investigate.ts';
import { race } from './race.ts';
import { tally } from '../record.ts';
import type { Stage, StageName } from '../record.ts';
import { refuteAll } from './refute.ts';
import type { Judged } from './refute.ts';
import type { DeepInput, DeepTools } from './settings.ts';
import { confidenceOf, isKept } from './standing.ts';

export interface Ended {
  readonly outcome: ReviewOutcome;
  readonly clean: readonly string[];
  readonly attempts: readonly Attempt[];
  readonly fates: readonly Fate[];
  readonly stages: readonly Stage[];
  /** In the commit, and out of a reviewer's reach. */
  readonly left: readonly Skipped[];
}

export interface RunMeans {
  readonly plan: Extract<ReviewPlan, { kind: 'send' }>;
  readonly toolbox: Toolbox;
  /** Of the clock's monotonic time. */
  readonly begun: number;
}

/** What the winner of the race found, before it is refuted. */
interface Found {
  readonly candidates: readonly Candidate[];
  readonly coverage: Coverage;
  readonly clean: readonly string[];
  readonly fates: readonly Fate[];
}

/** Of the deadline: what is for the investigation where candidates are refuted after it. */
const INVESTIGATION = 2 / 3;
/** Of the investigation: what is for looking around; the last quarter is for the answer. */
const LOOKING = 3 / 4;
const SINGLE_CALL_MS = 90_000;
/** Ends that the single call would share. */
const HOPELESS: ReadonlySet<CallFailure> = new Set<CallFailure>([
  'auth',
  'unknown-model',
  'cancelled',
]);

export class DeepRun {
  readonly #input: DeepInput;
  readonly #tools: DeepTools;
  readonly #call: CallTools;
  readonly #means: RunMeans;
  readonly #stages: Stage[] = [];
  readonly #attempts: Attempt[] = [];

  constructor(input: DeepInput, tools: DeepTools, call: CallTools, means: RunMeans) {
    this.#input = input;
    this.#tools = tools;
    this.#call = call;
    this.#means = means;
  }

  async run(): Promise<Ended> {
    const { clock, makeAbort, signal } = this.#call;
    const { winner, first, second } = await race<Investigated, Reviewed>({
      first: (own) => this.#investigate(own),
      second: (own) => this.#single(own),
      isAnswer: (end) =>
        'outcome' in end ? end.outcome.kind !== 'not-reviewed' : end.kind === 'candidates',
      mayJoin: (end) => end.kind !== 'failed' || !HOPELESS.has(end.failure),
      delayMs: this.#input.settings.raceDelayMs,
      clock,
      makeAbort,
      ...(signal === undefined ? {} : { signal }),
    });
    this.#stages.unshift(...first.stages);
    this.#attempts.push(...first.attempts, ...(second?.attempts ?? []));
    const left = [...this.#tools.files.left, ...first.left];
    const found =
      winner === 'first' && first.kind === 'candidates'
        ? this.#ofAgent(first)
        : winner === 'second' && second !== undefined
          ? this.#ofSingle(second)
          : undefined;
    const outcome = found === undefined ? this.#notReviewed(first) : await this.#judged(found);
    return {
      outcome,
      clean: found?.clean ?? [],
      attempts: this.#attempts,
      fates: found?.fates ?? [],
      stages: this.#stages,
      left,
    };
  }

  #investigate(signal: AbortSignalLike): Promise<Investigated> {
    const { plan, toolbox, begun } = this.#means;
    const { settings, known } = this.#input;
    const { checkout, onProgress } = this.#tools;
    const share = settings.refute ? INVESTIGATION : 1;
    const span = Math.floor(this.#call.deadlineMs * share);
    return investigate({
      ...settings,
      plan,
      toolbox,
      known,
      means: { ...this.#call, signal },
      check: this.#checkTools(),
      answerAt: begun + Math.floor(span * LOOKING),
      until: begun + span,
      ...(checkout === undefined ? {} : { checkout }),
      onTurn: (count) =>
        onProgress?.({ stage: 'investigate', count, toolCalls: toolbox.use.calls }),
    });
  }

  async #single(signal: AbortSignalLike): Promise<Reviewed> {
    const { clock } = this.#call;
    const { toolbox } = this.#means;
    const from = clock.monotonic();
    this.#tools.onProgress?.({ stage: 'single-call', count: 1, toolCalls: toolbox.use.calls });
    const deadlineMs = Math.min(SINGLE_CALL_MS, this.#left());
    const reviewed = await review(this.#input, this.#tools, { ...this.#call, deadlineMs, signal });
    const { outcome, dropped } = reviewed;
    const failed = outcome.kind === 'not-reviewed' ? { failed: outcome.reason } : {};
    const out = outcome.kind === 'findings' ? outcome.findings.length : 0;
    const files = outcome.kind === 'not-reviewed' ? 0 : outcome.coverage.reviewed.length;
    this.#stage('single-call', files, out, dropped, from, failed);
    return reviewed;
  }

  #checkTools(): CheckTools {
    const { plan, toolbox } = this.#means;
    const { redactor, hash } = this.#tools;
    const files = plan.prepared.map(({ original }) => original);
    return { files, texts: toolbox.texts, redactor, hash };
  }

  #ofAgent({
    candidates,
    suspect,
    fates,
    size,
  }: Extract<Investigated, { kind: 'candidates' }>): Found {
    const { plan } = this.#means;
    const clean = plan.pack(size).hunks.filter(({ path }) => !suspect.has(path));
    return {
      candidates,
      coverage: plan.coverage(size),
      clean: clean.map(({ id }) => id),
      fates: restoredFates(fates, this.#tools.redactor),
    };
  }

  /** What the turn's review found is refuted like anything else. */
  #ofSingle({ outcome, clean, fates }: Reviewed): Found | undefined {
    if (outcome.kind === 'not-reviewed') return undefined;
    const findings = outcome.kind === 'findings' ? outcome.findings : [];
    const { files } = this.#checkTools();
    const candidates = findings.map((finding) => ({
      finding,
      exact: isExact(finding, fileOf(finding.path, files)?.after ?? []),
    }));
    return { candidates, coverage: outcome.coverage, clean, fates };
  }

  async #judged({ candidates, coverage }: Found): Promise<ReviewOutcome> {
    const { refute, excludeMedium } = this.#input.settings;
    const judged: readonly Judged[] =
      refute && candidates.length > 0
        ? await this.#refuted(candidates)
        : candidates.map((candidate) => ({ candidate, verdict: 'unverified', isVoid: false }));
    const from = this.#call.clock.monotonic();
    const standing = judged.flatMap(({ candidate: { finding, exact }, verdict }) => {
      if (verdict === 'refuted') return [];
      const confidence = confidenceOf(finding.confidence, { place: finding.place, exact, verdict });
      return [{ claimed: finding.confidence, finding: { ...finding, confidence, verdict } }];
    });
    const findings: readonly ReviewFinding[] = standing
      .filter(({ claimed, finding }) => isKept(finding.severity, claimed, excludeMedium))
      .map(({ finding }) => finding);
    if (standing.length > 0) this.#stage('cut', standing.length, findings.length, {}, from);
    const usage = usageOf(this.#attempts);
    return findings.length === 0
      ? { kind: 'clean', coverage, usage }
      : { kind: 'findings', findings, coverage, usage };
  }

  async #refuted(candidates: readonly Candidate[]): Promise<readonly Judged[]> {
    const { plan, toolbox, begun } = this.#means;
    const { clock, deadlineMs } = this.#call;
    const from = clock.monotonic();
    const { judged, attempts } = await refuteAll(candidates, {
      ...this.#tools,
      model: this.#input.model,
      prepared: plan.prepared,
      texts: toolbox.texts,
      means: this.#call,
      until: begun + deadlineMs,
      onVerdict: (count) =>
        this.#tools.onProgress?.({ stage: 'refute', count, toolCalls: toolbox.use.calls }),
    });
    this.#attempts.push(...attempts);
    const verdicts = judged.map(({ verdict, isVoid }) => (isVoid ? 'void' : verdict));
    const out = judged.filter(({ verdict }) => verdict !== 'refuted').length;
    this.#stage('refute', candidates.length, out, tally(verdicts), from);
    return judged;
  }

  #notReviewed(first: Investigated): ReviewOutcome {
    const failure = first.kind === 'failed' ? first.failure : 'cancelled';
    const detail = first.kind === 'failed' ? first.detail : '';
    const usage = usageOf(this.#attempts);
    return { kind: 'not-reviewed', reason: REASONS[failure], detail, usage };
  }

  /** Milliseconds. */
  #left(): number {
    return Math.max(0, this.#means.begun + this.#call.deadlineMs - this.#call.clock.monotonic());
  }

  #stage(
    name: StageName,
    inCount: number,
    out: number,
    counts: Stage['counts'],
    from: number,
    more: Pick<Stage, 'failed'> = {},
  ): void {
    const milliseconds = this.#call.clock.monotonic() - from;
    this.#stages.push({ name, in: inCount, out, counts, milliseconds, ...more });
  }
}
