/** The names that providers go by, and what every one of them is given. */
import type { Environment } from '../config.ts';

export const PROVIDERS = [
  'anthropic',
  'bedrock',
  'vertex',
  'foundry',
  'anthropic-aws',
  'mantle',
  'claude-cli',
] as const;

export type ProviderName = (typeof PROVIDERS)[number];

/** The credential that a provider goes with, by the name that a person knows it by. Never its value. */
export type CredentialName =
  | 'ANTHROPIC_AUTH_TOKEN'
  | 'ANTHROPIC_API_KEY'
  | 'ANTHROPIC_CUSTOM_HEADERS'
  | 'ANTHROPIC_FOUNDRY_API_KEY'
  | 'ANTHROPIC_AWS_API_KEY'
  | 'AWS_BEARER_TOKEN_BEDROCK'
  | 'AWS credentials'
  | 'Google credentials'
  | 'none'
  | 'Claude login';

/** One way to a model that the environment offers. */
export interface ProviderChoice {
  readonly provider: ProviderName;
  readonly billing: 'key' | 'subscription' | 'cloud';
  readonly credential: CredentialName;
  /** One sentence for people. */
  readonly why: string;
}

/** Time, passed in so that tests need not wait. */
export interface Timing {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once after `ms`; the result calls it off. */
  after(ms: number, run: () => void): () => void;
}

export interface ProviderContext {
  readonly env: Environment;
  readonly timing: Timing;
  /** Absolute path of the user's `claude` program, where there is one. */
  readonly claude: string | undefined;
  /** Folders from which nothing is run, such as the repositories under review. */
  readonly untrusted: readonly string[];
}
