/**
 * A review that investigates: look around, check, refute, cut. The single call of `review` joins when that is
 * late or fails. It ends as every review does: clean, with findings, or not reviewed with a reason.
 */
import type { Attempt } from '../call.ts';
import { usageOf } from '../money.ts';
import type { ReviewOutcome } from '../finding.ts';
import { planReview } from '../review.ts';
import type { Asking, CallTools, ReviewInput, ReviewPlan, ReviewTools } from '../review.ts';
import { Toolbox, TOOL_SPECS } from '../tools/toolbox.ts';
import { DEEP_PROMPT_VERSION, DEEP_SYSTEM_PROMPT, INVESTIGATE } from './prompt.ts';
import type { ReviewRecord } from './record.ts';
import { DeepRun } from './run.ts';
import type { Ended } from './run.ts';
import { CLAIM_SCHEMA } from './schema.ts';
import type { DeepInput, DeepTools } from './settings.ts';

export interface DeepReviewed {
  readonly outcome: ReviewOutcome;
  /** Identities of hunks to remember as clean. */
  readonly clean: readonly string[];
  readonly attempts: readonly Attempt[];
  readonly record: ReviewRecord;
}

const ASKING: Asking = {
  version: DEEP_PROMPT_VERSION,
  words: { system: DEEP_SYSTEM_PROMPT, question: INVESTIGATE },
  schema: CLAIM_SCHEMA,
  tools: TOOL_SPECS,
};

/** Everything before the first call: pure, so that it can be shown without one. */
export function planDeepReview(input: ReviewInput, tools: ReviewTools): ReviewPlan {
  return planReview(input, tools, ASKING);
}

/** Never rejects for what a repository holds or a provider does. */
export async function deepReview(
  input: DeepInput,
  tools: DeepTools,
  call: CallTools,
): Promise<DeepReviewed> {
  const begun = call.clock.monotonic();
  const plan = planDeepReview(input, tools);
  const { redactor, wasm, files, marker } = tools;
  const { maxToolCalls: maxCalls } = input.settings;
  const toolbox = new Toolbox({ files, redactor, wasm, marker, maxCalls, clock: call.clock });
  try {
    const ended: Ended =
      plan.kind === 'send'
        ? await new DeepRun(input, tools, call, { plan, toolbox, begun }).run()
        : { outcome: { ...plan, usage: undefined }, clean: [], attempts: [], stages: [], left: [] };
    const { outcome, clean, attempts } = ended;
    const milliseconds = call.clock.monotonic() - begun;
    const record = { ...recordOf(input, ended, toolbox), milliseconds };
    return { outcome, clean, attempts, record };
  } finally {
    toolbox.dispose();
  }
}

function recordOf(
  { commits, model }: DeepInput,
  { outcome, attempts, stages, left }: Ended,
  toolbox: Toolbox,
): Omit<ReviewRecord, 'milliseconds'> {
  const { calls, errors, byName, files } = toolbox.use;
  const coverage = outcome.kind === 'not-reviewed' ? { reviewed: [], left: [] } : outcome.coverage;
  return {
    commits,
    files: { reviewed: coverage.reviewed, read: files, left: [...coverage.left, ...left] },
    model,
    provider: attempts.at(-1)?.provider,
    usage: usageOf(attempts),
    tools: { calls, errors, byName },
    stages,
    outcome:
      outcome.kind === 'not-reviewed'
        ? { kind: outcome.kind, reason: outcome.reason, detail: outcome.detail }
        : {
            kind: outcome.kind,
            findings: outcome.kind === 'findings' ? outcome.findings.length : 0,
          },
  };
}
