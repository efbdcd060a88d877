/** A turn's findings beside those of earlier reviews: what is told, what is left out, what is resolved. */
import { openMemory } from '../../host/findings/memory.ts';
import type { Kept, Memory } from '../../host/findings/memory.ts';
import type { ReviewFinding, ReviewOutcome } from '../../orchestrator/finding.ts';
import { singleCallRecord } from '../../orchestrator/record.ts';
import { resolvedLine } from '../../orchestrator/report.ts';
import type { ReviewTools } from '../../orchestrator/review.ts';
import type { TurnChanges } from './changes.ts';
import type { StopDeps } from './deps.ts';
import { isNewNotice } from './notice.ts';
import type { Verdict } from './verdict.ts';

export interface Known {
  /** With the findings that are told. */
  readonly outcome: ReviewOutcome;
  /** A line for each finding that is fixed. */
  readonly resolved: readonly string[];
}

export function turnMemory(
  { changes, roots }: Pick<Extract<TurnChanges, { kind: 'changes' }>, 'changes' | 'roots'>,
  tools: ReviewTools,
  { config, session, env, clock }: StopDeps,
): Promise<Memory> {
  return openMemory({
    stateDir: config.stateDir,
    layer: 'turn',
    session,
    changes,
    roots,
    tools,
    env,
    now: () => clock.wall(),
    state: 'worktree',
  });
}

export async function keepTurn(
  memory: Memory,
  reviewed: Verdict,
  milliseconds: number,
  deps: StopDeps,
): Promise<Known> {
  const { outcome, fates, model } = reviewed;
  const record = singleCallRecord({ commits: [], model }, reviewed, milliseconds);
  const found = outcome.kind === 'findings' ? outcome.findings : [];
  const kept = await memory.keepFindings(found, record, fates);
  const findings = [...kept.findings, ...(await openAgain(kept, deps))];
  return { outcome: withFindings(outcome, findings), resolved: resolvedLines(kept, deps) };
}

/** For a turn after which nothing differs from its beginning: what it found on the way may be gone. */
export async function settleTurn(memory: Memory, deps: StopDeps): Promise<readonly string[]> {
  return resolvedLines(await memory.keepFindings([], undefined), deps);
}

function resolvedLines({ resolved, problems }: Kept, { log }: StopDeps): readonly string[] {
  for (const reason of problems) log.write('findings-not-kept', { reason });
  return resolved.map(({ finding, evidence }) => resolvedLine(finding, evidence));
}

/**
 * What this session was told, has worked on and has not fixed: told once more, and no third time, since the agent may
 * have reasons. What other sessions were told is theirs.
 */
async function openAgain({ open }: Kept, deps: StopDeps): Promise<ReviewFinding[]> {
  const again: ReviewFinding[] = [];
  for (const { finding, session } of open)
    if (session === deps.session && (await isNewNotice(`still-open:${finding.key}`, deps)))
      again.push(finding);
  return again;
}

export function withFindings(
  outcome: ReviewOutcome,
  findings: readonly ReviewFinding[],
): ReviewOutcome {
  if (outcome.kind === 'not-reviewed') return outcome;
  const { coverage, usage } = outcome;
  return findings.length === 0
    ? { kind: 'clean', coverage, usage }
    : { kind: 'findings', findings, coverage, usage };
}
