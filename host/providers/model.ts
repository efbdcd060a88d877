/** Which model a review asks: what the user says, else the newest Opus that the endpoint lists. */
import { createHash } from 'node:crypto';
import type { AbortSignalLike, Transport } from '../../orchestrator/transport.ts';
import type { Environment } from '../config.ts';
import { modelForm } from './model-form.ts';
import type { ProviderName, Timing } from './provider.ts';

/** What a list said, or that there was none. */
export interface RememberedModel {
  readonly model: string | undefined;
  /** When it was asked, in milliseconds since 1970. */
  readonly at: number;
}

/** Remembers across processes; neither side may reject. */
export interface ModelStore {
  get(key: string): Promise<RememberedModel | undefined>;
  set(key: string, value: RememberedModel): Promise<void>;
}

/** Where a user names the model of a kind of review. */
export type ModelVariable = 'SECURITY_REVIEW_MODEL' | 'SG_AGENTIC_MODEL';

export interface ChosenModel {
  readonly model: string;
  readonly source: ModelVariable | 'ANTHROPIC_DEFAULT_OPUS_MODEL' | 'listed' | 'pinned';
  /** One sentence for people. */
  readonly why: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** An endpoint without a list is asked again sooner: it may only have been out of reach. */
const HOUR_MS = 60 * 60 * 1000;

export interface ModelQuestion {
  readonly provider: ProviderName;
  readonly env: Environment;
  readonly transport: Transport;
  readonly store: ModelStore;
  readonly timing: Timing;
  readonly signal: AbortSignalLike;
  /** `SECURITY_REVIEW_MODEL` when absent. */
  readonly variable?: ModelVariable;
}

/** Never rejects. A model that does not exist shows when it is asked, as the failure `unknown-model`. */
export async function chooseModel(question: ModelQuestion): Promise<ChosenModel> {
  const { provider, env, variable = 'SECURITY_REVIEW_MODEL' } = question;
  for (const source of [variable, 'ANTHROPIC_DEFAULT_OPUS_MODEL'] as const) {
    const named = env[source]?.trim();
    if (named) return { model: named, source, why: `${source} says ${named}.` };
  }
  const listed = await newest(question);
  if (listed !== undefined) {
    return { model: listed, source: 'listed', why: `${listed} is the newest Opus of ${provider}.` };
  }
  const model = modelForm(provider, env);
  return { model, source: 'pinned', why: `${provider} lists no models: ${model} is built in.` };
}

async function newest(question: ModelQuestion): Promise<string | undefined> {
  const { provider, env, transport, store, timing, signal } = question;
  if (transport.newestModel === undefined) return undefined;
  const key = keyOf(provider, env);
  const known = await store.get(key);
  const now = timing.now();
  if (known !== undefined) {
    const age = now - known.at;
    // A clock that was set back makes an entry of the future: not one to trust.
    if (age >= 0 && age < (known.model === undefined ? HOUR_MS : DAY_MS)) return known.model;
  }
  const model = await transport.newestModel(signal);
  if (!signal.aborted) await store.set(key, { model, at: now });
  return model;
}

/** Per endpoint. Hashed: an address may hold a password. */
function keyOf(provider: ProviderName, env: Environment): string {
  const name = provider === 'anthropic' ? 'ANTHROPIC_BASE_URL' : 'ANTHROPIC_AWS_BASE_URL';
  const address = `${env[name] ?? ''} ${env['AWS_REGION'] ?? ''}`;
  return `${provider}-${createHash('sha256').update(address).digest('hex').slice(0, 16)}`;
}
