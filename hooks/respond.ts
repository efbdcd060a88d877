/** What a hook prints and exits with: one total function, so that no other file writes to stdout. */
import type { Metrics } from './metrics.ts';

export type HookOutcome =
  /** Nothing to say; the reason goes to the log. */
  | { readonly kind: 'silent'; readonly reason: string }
  /** `context` goes to the model, `notice` to the user. */
  | {
      readonly kind: 'speak';
      readonly context?: string;
      readonly notice?: string;
      readonly metrics?: Metrics;
    };

export interface HookAnswer {
  /** Empty, or one JSON object and a newline. */
  readonly stdout: string;
  /** An edit is never blocked and a failure of ours is never the host's. */
  readonly exitCode: 0;
}

const SILENT: HookAnswer = Object.freeze({ stdout: '', exitCode: 0 });

export function respond(outcome: HookOutcome): HookAnswer {
  if (outcome.kind === 'silent') return SILENT;
  const { context, notice, metrics } = outcome;
  if (context === undefined && notice === undefined) return SILENT;
  const answer = {
    ...(notice === undefined ? {} : { systemMessage: notice }),
    ...(context === undefined
      ? {}
      : { hookSpecificOutput: { hookEventName: 'PostToolUse', additionalContext: context } }),
    ...(metrics === undefined ? {} : { metrics }),
  };
  return { stdout: `${JSON.stringify(answer)}\n`, exitCode: 0 };
}
