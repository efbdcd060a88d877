/** What a review at the terminal needs of this machine: randomness, secrets' stand-ins, a model, money. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createScanner } from '../../engine/scanner.ts';
import { lazyWasm } from '../../host/wasm.ts';
import { findClaude } from '../../host/providers/cli/find-program.ts';
import { chooseModel } from '../../host/providers/model.ts';
import type { ModelStore, ModelVariable } from '../../host/providers/model.ts';
import { openTransport } from '../../host/providers/open.ts';
import { selectProviders } from '../../host/providers/select.ts';
import { systemTiming } from '../../host/providers/timing.ts';
import type { Clock } from '../../orchestrator/ports.ts';
import { createPlaceholders } from '../../orchestrator/placeholders.ts';
import { secretRules } from '../../orchestrator/redact-rules.ts';
import { createRedactor } from '../../orchestrator/redact.ts';
import type { ReviewTools } from '../../orchestrator/review.ts';
import type { Transport } from '../../orchestrator/transport.ts';
import type { Assets } from '../assets.ts';
import type { Io } from '../io.ts';

/** Secrets get other stand-ins in each run. */
export function createReviewTools(assets: Pick<Assets, 'wasm'>): ReviewTools {
  const key = randomBytes(16);
  const policy = marker();
  const digest = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
  return {
    redactor: createRedactor({
      scanner: createScanner({ rules: secretRules(), wasm: lazyWasm(assets.wasm) }),
      placeholders: createPlaceholders(digest),
    }),
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    markers: () => ({ policy, data: marker() }),
  };
}

/** Nobody who wrote what is under review can know it. */
export function marker(): string {
  return randomBytes(16).toString('hex');
}

export type Model =
  | {
      readonly kind: 'model';
      readonly transports: readonly Transport[];
      readonly model: string;
      /** Whose credentials, and which model, each in a sentence. */
      readonly why: string;
    }
  | { readonly kind: 'none'; readonly why: string };

export interface ModelWish {
  /** The model, where the user named one. */
  readonly named: string | undefined;
  /** The variable that names it otherwise. */
  readonly variable: ModelVariable;
  /** The repositories under review: no program of theirs is run. */
  readonly untrusted: readonly string[];
  /** False: no endpoint is asked what it has, and the built-in model stands for the newest. */
  readonly mayAsk: boolean;
}

export async function openModel(
  { env, signal }: Pick<Io, 'env' | 'signal'>,
  { named, variable, untrusted, mayAsk }: ModelWish,
): Promise<Model> {
  const claude = findClaude(env, untrusted);
  const selected = selectProviders(env, claude);
  if (selected.kind === 'none') return { kind: 'none', why: selected.why };
  const context = { env, timing: systemTiming, claude, untrusted };
  const transports = await Promise.all(
    selected.choices.map((choice) => openTransport(choice, context)),
  );
  const [choice] = selected.choices;
  const [transport] = transports;
  if (transport === undefined) return { kind: 'none', why: 'no provider could be opened' };
  const chosen = await chooseModel({
    provider: choice.provider,
    env: named === undefined ? env : { ...env, [variable]: named },
    variable,
    transport: mayAsk ? transport : withoutList(transport),
    store: forgetful,
    timing: systemTiming,
    signal,
  });
  return { kind: 'model', transports, model: chosen.model, why: `${choice.why} ${chosen.why}` };
}

function withoutList(transport: Transport): Transport {
  const { provider, billing, hasOwnTools = false } = transport;
  return {
    provider,
    billing,
    hasOwnTools,
    send: (request, signal) => transport.send(request, signal),
  };
}

/** One run asks once. */
const forgetful: ModelStore = { get: async () => undefined, set: async () => undefined };

export const systemClock: Clock = {
  monotonic: () => performance.now(),
  wall: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      // A longer delay than a timer can have would end at once.
      const timer = setTimeout(done, Math.min(ms, 2 ** 31 - 1));
      signal.addEventListener('abort', done);
    }),
};
