/** What a review needs of this machine: randomness, secrets' stand-ins, a model. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { findClaude } from '../providers/cli/find-program.ts';
import { chooseModel } from '../providers/model.ts';
import type { ModelStore, ModelVariable } from '../providers/model.ts';
import { openTransport } from '../providers/open.ts';
import { selectProviders } from '../providers/select.ts';
import { systemTiming } from '../providers/timing.ts';
import { createPlaceholders } from '../../orchestrator/placeholders.ts';
import { createRedactor } from '../../orchestrator/redact.ts';
import type { ReviewTools } from '../../orchestrator/review.ts';
import type { AbortSignalLike, Transport } from '../../orchestrator/transport.ts';
import type { Environment } from '../config.ts';
import { createSecretScanner, type SecretFiles } from './secret-scanner.ts';

/** What stays the same between reviews, so that their requests begin alike; private to the user. */
export interface ReviewIdentity {
  /** Key of the stand-ins for secrets, hexadecimal. */
  readonly key: string;
  /** Marker of the policy section. */
  readonly policy: string;
}

export function newReviewIdentity(): ReviewIdentity {
  return { key: marker(), policy: marker() };
}

export function createReviewTools(
  files: SecretFiles,
  { key, policy }: ReviewIdentity = newReviewIdentity(),
): ReviewTools {
  const digest = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
  return {
    redactor: createRedactor({
      scanner: createSecretScanner(files),
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
  /** Remembers which model is the newest. */
  readonly store: ModelStore;
}

export async function openModel(
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignalLike },
  { named, variable, untrusted, mayAsk, store }: ModelWish,
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
    store,
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
