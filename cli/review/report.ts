/** Writes what a review came to, in the format that was asked for, and decides the exit code. */
import type { Kept } from '../../host/findings/memory.ts';
import type { Coverage, ReviewFinding, ReviewOutcome, Usage } from '../../orchestrator/finding.ts';
import type { ReviewRecord } from '../../orchestrator/record.ts';
import { escapeControls } from '../escape.ts';
import { scanExitCode } from '../exit.ts';
import type { FailOn } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeOutput } from '../output-file.ts';
import { createStyle } from '../style.ts';
import { recordText } from './deep.ts';
import { keptText } from './known.ts';
import { reviewText, summary } from './print.ts';
import { reviewSarif } from './sarif.ts';

/** Of `review`, or of `deepReview`, with what was known before. */
export interface Report {
  readonly outcome: ReviewOutcome;
  /** Of a deep review: its stages are shown. */
  readonly record?: ReviewRecord;
  readonly kept?: Kept;
}

export interface ReportWish {
  readonly format: 'text' | 'json' | 'sarif';
  readonly output: string | undefined;
  readonly 'fail-on': FailOn;
}

/** Returns the exit code. `root` is the absolute path of the repository. */
export async function report(
  { outcome, record, kept }: Report,
  root: string,
  wish: ReportWish,
  io: Io,
): Promise<number> {
  const toFile = wish.output !== undefined;
  const style = createStyle(!toFile && io.stdout.color);
  const stages = record === undefined ? '' : `${recordText(record)}\n`;
  const text = {
    text: () => `${keptText(kept)}${reviewText(outcome, style)}${stages}`,
    json: () => {
      const known = kept && { resolved: kept.resolved, dismissed: kept.dismissed };
      return `${JSON.stringify({ ...outcome, ...known, ...(record && { record }) }, null, 2)}\n`;
    },
    sarif: () => reviewSarif(outcome, root),
  }[wish.format]();
  const problem = await writeOutput(text, wish.output, io);
  if (problem !== undefined || toFile)
    await io.stderr.write(
      problem === undefined ? `${summary(outcome)}\n` : `sg review: ${escapeControls(problem)}\n`,
    );
  for (const each of kept?.problems ?? [])
    await io.stderr.write(`sg review: ${escapeControls(each)}\n`);
  const severities =
    outcome.kind === 'findings' ? outcome.findings.map(({ severity }) => severity) : [];
  const undone = problem !== undefined || outcome.kind === 'not-reviewed';
  return scanExitCode(severities, wish['fail-on'], undone ? 1 : 0);
}

/** The outcome with the findings that are told: without those the user dismissed, with those that are still open. */
export function outcomeOf(outcome: ReviewOutcome, kept: Kept): ReviewOutcome {
  if (outcome.kind === 'not-reviewed') return outcome;
  const findings = [...kept.findings, ...kept.open.map(({ finding }) => finding)];
  return withFindings(outcome, findings);
}

function withFindings(
  { coverage, usage }: { readonly coverage: Coverage; readonly usage: Usage | undefined },
  findings: readonly ReviewFinding[],
): ReviewOutcome {
  return findings.length === 0
    ? { kind: 'clean', coverage, usage }
    : { kind: 'findings', findings, coverage, usage };
}
