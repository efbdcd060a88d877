/** Runs pairs past a reviewer, as `sg eval` does but for the machine. */
import { fileURLToPath } from 'node:url';
import { createScanner } from '../../../engine/scanner.ts';
import { oracleFor, oracleModel, ORACLE_PROVIDER } from '../../../bench/eval/oracles.ts';
import type { OracleName } from '../../../bench/eval/oracles.ts';
import type { Pair } from '../../../bench/eval/pair.ts';
import { readPairs } from '../../../bench/eval/read-pairs.ts';
import { reportOf } from '../../../bench/eval/report.ts';
import type { EvalReport } from '../../../bench/eval/report.ts';
import { runEval } from '../../../bench/eval/run-eval.ts';
import type { Questions } from '../../../bench/eval/questions.ts';
import type { EvalRun } from '../../../bench/eval/run-eval.ts';
import type { Trial } from '../../../bench/eval/trial.ts';
import { createVirtualClock } from '../../../bench/eval/virtual-clock.ts';
import type { Purse } from '../../../orchestrator/call.ts';
import { secretRules } from '../../../orchestrator/redact-rules.ts';
import { testRuntime } from '../../support/wasm.ts';

export const PAIRS: readonly Pair[] = readPairs(
  fileURLToPath(new URL('../../../bench/eval/pairs', import.meta.url)),
).pairs;

export const FREE: Purse = {
  reserve: () => Promise.resolve({ settle: () => Promise.resolve() }),
};

const secrets = createScanner({ rules: secretRules(), wasm: testRuntime });

export function questions(model: string): Questions {
  return { model, secrets, candidates: () => [] };
}

export function runWith(
  model: string,
  connect: EvalRun['connect'],
  options: Partial<EvalRun> = {},
): Promise<Trial[]> {
  return runEval({
    pairs: PAIRS,
    rounds: 1,
    questions: questions(model),
    connect,
    purse: FREE,
    makeAbort: () => new AbortController(),
    signal: new AbortController().signal,
    deadlineMs: 90_000,
    jobs: 1,
    tape: () => undefined,
    onTrial: () => undefined,
    isStopped: () => false,
    ...options,
  });
}

export async function oracleReport(
  name: OracleName,
  options: Partial<EvalRun> = {},
): Promise<EvalReport> {
  const model = oracleModel(name);
  const trials = await runWith(
    model,
    ({ side }, pair) => ({
      transports: [oracleFor(name, pair, side)],
      clock: createVirtualClock(),
    }),
    options,
  );
  const { pairs = PAIRS, rounds = 1 } = options;
  const at = '2026-01-02T03:04:05.678Z';
  const providers = [ORACLE_PROVIDER];
  return reportOf({ pairs, trials, rounds, model, providers, at, version: '1.2.3' });
}
