/**
 * A review that investigates: look around, check, refute, cut. The single call of `review` joins when that is
 * late or fails. It ends as every review does: clean, with findings, or not reviewed with a reason.
 */
import type { Attempt } from '../call.ts';
import type { Fate } from '../earlier.ts';
import type { ReviewOutcome } from '../finding.ts';
import { planReview } from '../review.ts';
import type { Asking, CallTools, ReviewInput, ReviewPlan, ReviewTools } from '../review.ts';
import { Toolbox, TOOL_SPECS } from '../tools/toolbox.ts';
import { DEEP_PROMPT_VERSION, DEEP_SYSTEM_PROMPT, INVESTIGATE } from './prompt.ts';
import { recordOf } from '../record.ts';
import type { ReviewRecord } from '../record.ts';
import { DeepRun } from './run.ts';
import type { Ended } from './run.ts';
import { CLAIM_SCHEMA } from './schema.ts';
import type { DeepInput, DeepTools } from './settings.ts';

export interface DeepReviewed {
  readonly outcome: ReviewOutcome;
  /** Identities of hunks to remember as clean. */
  readonly clean: readonly string[];
  readonly attempts: readonly Attempt[];
  /** What became of `ReviewInput.open`. */
  readonly fates: readonly Fate[];
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
        : {
            outcome: { ...plan, usage: undefined },
            clean: [],
            attempts: [],
            fates: [],
            stages: [],
            left: [],
          };
    const { outcome, clean, attempts, fates } = ended;
    const milliseconds = call.clock.monotonic() - begun;
    const { files: read, ...used } = toolbox.use;
    const record = recordOf(input, ended, milliseconds);
    const { reviewed, left } = record.files;
    return {
      outcome,
      clean,
      attempts,
      fates,
      record: {
        ...record,
        files: { reviewed, read, left: [...left, ...ended.left] },
        tools: { calls: used.calls, errors: used.errors, byName: used.byName },
        stages: ended.stages,
      },
    };
  } finally {
    toolbox.dispose();
  }
}
