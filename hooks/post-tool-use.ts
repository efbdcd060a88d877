/**
 * PostToolUse of the editing tools: tells the model what this edit introduced, once per file, rule and
 * session. Everything that touches the machine comes in as an argument.
 */
import { inspect } from './inspect.ts';
import type { InspectDeps } from './inspect.ts';
import { respond } from './respond.ts';
import type { HookAnswer } from './respond.ts';
import { tell } from './tell.ts';
import type { TellDeps } from './tell.ts';

export type HookDeps = InspectDeps & Omit<TellDeps, 'finishesLater'>;

/** Answers one payload that JSON.parse accepted. Rejects for bugs only; see `main`. */
export async function handlePostToolUse(input: unknown, deps: HookDeps): Promise<HookAnswer> {
  const { config } = deps;
  if (!config.enabled || !config.patternRules) return respond({ kind: 'silent', reason: 'off' });
  const outcome = await tell(await inspect(input, deps), { ...deps, finishesLater: false });
  if (outcome.kind === 'silent' && !QUIET_REASONS.has(outcome.reason))
    deps.log.write('skipped', { reason: outcome.reason });
  return respond(outcome);
}

/** What happens at nearly every edit is not worth a line in the log. */
export const QUIET_REASONS: ReadonlySet<string> = new Set([
  'off',
  'other-event',
  'exempt',
  'clean',
  'told',
]);
