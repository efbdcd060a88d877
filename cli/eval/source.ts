/** Who answers a run: an oracle, a recording, or a model. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createPlayer, headOf } from '../../bench/eval/cassette.ts';
import type { CassetteHead } from '../../bench/eval/cassette.ts';
import { oracleFor, oracleModel, ORACLE_PROVIDER } from '../../bench/eval/oracles.ts';
import type { OracleName } from '../../bench/eval/oracles.ts';
import { readCassette } from '../../bench/eval/read-cassette.ts';
import type { EvalRun } from '../../bench/eval/run-eval.ts';
import { createVirtualClock } from '../../bench/eval/virtual-clock.ts';
import { createLog } from '../../host/log.ts';
import { createModelStore } from '../../host/providers/model-store.ts';
import { systemClock } from '../../host/review/clock.ts';
import { openModel } from '../../host/review/session.ts';
import { readReviewConfig } from '../../host/review-config.ts';
import { createPurse } from '../../host/spend/spend.ts';
import { escapeControls } from '../escape.ts';
import type { Io } from '../io.ts';
import { hookConfig } from '../hook-config.ts';
import { FREE, guarded, limited } from './purse.ts';
import { openRecorder } from './recorder.ts';
import type { Recorder } from './recorder.ts';

export interface Source {
  readonly model: string;
  readonly providers: readonly string[];
  /** Of them, those with tools of their own. */
  readonly ownTools: readonly string[];
  /** When the model was or is asked. */
  readonly at: string;
  readonly connect: EvalRun['connect'];
  readonly purse: EvalRun['purse'];
  readonly tape: EvalRun['tape'];
  /** Told how each review ended. */
  readonly after: (hasVerdict: boolean) => void;
  /** Why the run is of no use any more. */
  readonly problem: () => string | undefined;
}

export type OpenSource =
  { readonly ok: true; readonly source: Source } | { readonly ok: false; readonly message: string };

export function oracleSource(name: OracleName, at: string): Source {
  return {
    model: oracleModel(name),
    providers: [ORACLE_PROVIDER],
    ownTools: [],
    at,
    connect: ({ side }, pair) => ({
      transports: [oracleFor(name, pair, side)],
      clock: createVirtualClock(),
    }),
    purse: FREE,
    tape: () => undefined,
    after: () => undefined,
    problem: () => undefined,
  };
}

export type Replay =
  | { readonly ok: true; readonly source: Source; readonly head: CassetteHead }
  | { readonly ok: false; readonly message: string };

export async function replaySource(file: string, io: Io): Promise<Replay> {
  let text: string;
  try {
    text = await readFile(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
  const read = readCassette(file, text);
  if (!read.ok) return { ok: false, message: escapeControls(read.message) };
  const { head } = read.cassette;
  const player = createPlayer(read.cassette);
  const source: Source = {
    model: head.model,
    providers: head.providers,
    ownTools: head.ownTools ?? [],
    at: head.at,
    connect: player.connect,
    purse: FREE,
    tape: () => undefined,
    after: () => undefined,
    problem: player.missing,
  };
  return { ok: true, source, head };
}

export interface Asking {
  readonly model: string | undefined;
  readonly limitUsd: number | undefined;
  /** False: only the price of asking is wanted, and no endpoint is asked what it has. */
  readonly mayAsk: boolean;
  /** The model of investigations. */
  readonly deep: boolean;
}

/** The user's own model, with the limits that `sg review` has. */
export async function modelSource(
  { model: named, limitUsd, mayAsk, deep }: Asking,
  at: string,
  io: Io,
): Promise<OpenSource & { readonly why?: string }> {
  const config = hookConfig(io);
  const store = createModelStore(config.stateDir);
  const variable = deep ? 'SG_AGENTIC_MODEL' : 'SECURITY_REVIEW_MODEL';
  const model = await openModel(io, { named, variable, untrusted: [io.cwd], mayAsk, store });
  if (model.kind === 'none') return { ok: false, message: model.why };
  const own = createPurse({
    dir: config.stateDir,
    limits: readReviewConfig(io.env).limits,
    layer: 'terminal',
    session: `terminal-${process.pid}`,
    log: createLog({ path: config.logPath, now: Date.now }),
    now: Date.now,
  });
  const { purse, after } = guarded(limitUsd === undefined ? own : limited(own, limitUsd));
  const source: Source = {
    model: model.model,
    providers: model.transports.map(({ provider }) => provider),
    ownTools: model.transports.flatMap((each) => (each.hasOwnTools ? [each.provider] : [])),
    at,
    connect: () => ({ transports: model.transports, clock: systemClock }),
    purse,
    tape: () => undefined,
    after,
    problem: () => undefined,
  };
  return { ok: true, source, why: model.why };
}

export interface Recorded {
  readonly file: string;
  readonly version: string;
  readonly rounds: number;
  readonly pairs: readonly string[];
  readonly deep: boolean;
}

export type OpenRecording =
  | { readonly ok: true; readonly source: Source; readonly recorder: Recorder }
  | { readonly ok: false; readonly message: string };

/** The source, with everything that it answers written to a new file. */
export function recordedSource(
  source: Source,
  { file, version, rounds, pairs, deep }: Recorded,
  io: Io,
): OpenRecording {
  const { model, providers, ownTools, at } = source;
  const investigated = deep ? ({ deep, ownTools } as const) : {};
  const opened = openRecorder(
    resolve(io.cwd, file),
    headOf({ version, at, model, providers, rounds, pairs, ...investigated }),
  );
  if (!opened.ok) return { ok: false, message: `cannot record to ${file}: ${opened.message}` };
  const { recorder } = opened;
  const problem = (): string | undefined => {
    const reason = recorder.problem();
    return reason === undefined ? source.problem() : `cannot record to ${file}: ${reason}`;
  };
  return { ok: true, source: { ...source, tape: recorder.tape, problem }, recorder };
}
