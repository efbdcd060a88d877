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

/** What the end of a turn makes a hook say. */
export type TurnOutcome =
  | HookOutcome
  /** `text` wakes the agent: there are findings. */
  | { readonly kind: 'wake'; readonly text: string };

/** What an edit that is yet to be made can be answered. */
export type EditOutcome =
  | HookOutcome
  /** The edit is not made; `reason` goes to the model. */
  | { readonly kind: 'deny'; readonly reason: string };

/** By which hooks/run.sh knows a wake. It is private to us: no failure of Node.js, nor of ours, ends with it. */
const WAKE = 42;

export interface HookAnswer {
  /** Empty, or one JSON object and a newline; with `WAKE` the text. */
  readonly stdout: string;
  /** Only a policy blocks an edit, by what stdout says, and a failure of ours is never the host's. */
  readonly exitCode: 0 | typeof WAKE;
}

const SILENT: HookAnswer = Object.freeze({ stdout: '', exitCode: 0 });

export function respond(outcome: TurnOutcome | EditOutcome): HookAnswer {
  if (outcome.kind === 'silent') return SILENT;
  if (outcome.kind === 'wake') return { stdout: outcome.text, exitCode: WAKE };
  if (outcome.kind === 'deny') return { stdout: denial(outcome.reason), exitCode: 0 };
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

function denial(reason: string): string {
  const permissionDecision = 'deny';
  const hookEventName = 'PreToolUse';
  const permissionDecisionReason = reason;
  return `${JSON.stringify({ hookSpecificOutput: { hookEventName, permissionDecision, permissionDecisionReason } })}\n`;
}
