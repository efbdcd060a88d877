/**
 * Which provider a review goes to. The order is that of Claude Code, whose users set these variables for it:
 * `SG_PROVIDER`, a cloud that `CLAUDE_CODE_USE_*` names, a token, a key, a gateway that goes by its own
 * headers, and last the user's own `claude` program, which is what subscribers have.
 */
import type { Environment } from '../config.ts';
import { googleProject } from './google-project.ts';
import { PROVIDERS } from './provider.ts';
import type { CredentialName, ProviderChoice, ProviderName } from './provider.ts';

/** Set in the environment of a `claude` child: a session inside a review starts no review. */
export const INSIDE_REVIEW = 'SG_INSIDE_REVIEW';

/** `choices` in order: the second is for when the first one's credential is refused. */
export type Selection =
  | { readonly kind: 'chosen'; readonly choices: readonly [ProviderChoice, ...ProviderChoice[]] }
  | { readonly kind: 'none'; readonly why: string };

const SWITCHES: readonly (readonly [string, ProviderName])[] = [
  ['CLAUDE_CODE_USE_BEDROCK', 'bedrock'],
  ['CLAUDE_CODE_USE_VERTEX', 'vertex'],
  ['CLAUDE_CODE_USE_FOUNDRY', 'foundry'],
  ['CLAUDE_CODE_USE_ANTHROPIC_AWS', 'anthropic-aws'],
  ['CLAUDE_CODE_USE_MANTLE', 'mantle'],
];

/** Other spellings that `SG_PROVIDER` takes. */
const ALIASES: ReadonlyMap<string, ProviderName> = new Map<string, ProviderName>([
  ['gateway', 'anthropic'],
  ['subscription', 'claude-cli'],
  ['cli', 'claude-cli'],
]);

const TRUE_WORDS: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'on']);

/** `claude` is the path of the user's program, undefined where there is none. Reads no file. */
export function selectProviders(env: Environment, claude: string | undefined): Selection {
  if (env[INSIDE_REVIEW]) {
    return none(`${INSIDE_REVIEW} is set: this session is itself a part of a review.`);
  }
  const forced = env['SG_PROVIDER']?.trim().toLowerCase();
  if (forced) {
    const provider = PROVIDERS.find((name) => name === forced) ?? ALIASES.get(forced);
    if (provider === undefined) {
      const known = PROVIDERS.join(', ');
      return none(`SG_PROVIDER is ${JSON.stringify(forced)}: expected one of ${known}.`);
    }
    return choose(provider, env, claude, `SG_PROVIDER is ${provider}`);
  }
  const switched = SWITCHES.filter(([name]) => isOn(env[name]));
  const [first, ...others] = switched;
  if (first !== undefined) {
    const ignored = others.map(([name]) => name).join(', ');
    const reason = `${first[0]} is set${ignored === '' ? '' : `, before ${ignored}`}`;
    return choose(first[1], env, claude, reason);
  }
  if (anthropicCredentials(env).length > 0) return choose('anthropic', env, claude, undefined);
  if (claude !== undefined) {
    return choose('claude-cli', env, claude, 'no key, token or cloud is set');
  }
  return none(
    'No key, token or cloud is set and no `claude` program was found: ' +
      'set ANTHROPIC_API_KEY, or SG_AGENTIC_CLI_PATH to the program.',
  );
}

function choose(
  provider: ProviderName,
  env: Environment,
  claude: string | undefined,
  reason: string | undefined,
): Selection {
  const missing = whatIsMissing(provider, env, claude);
  if (missing !== undefined)
    return none(`${reason ?? `The provider is ${provider}`}, but ${missing}.`);
  const [credential, ...more] = credentialsOf(provider, env);
  if (credential === undefined) return none(`${reason ?? provider}, but no credential is set.`);
  const at = where(provider, env);
  const choiceOf = (name: CredentialName): ProviderChoice => ({
    provider,
    billing: billingOf(provider),
    credential: name,
    why: `${reason ?? `${name} is set`}; ${provider} with ${name}${at}.`,
  });
  return { kind: 'chosen', choices: [choiceOf(credential), ...more.map(choiceOf)] };
}

function billingOf(provider: ProviderName): ProviderChoice['billing'] {
  if (provider === 'claude-cli') return 'subscription';
  return provider === 'anthropic' ? 'key' : 'cloud';
}

function whatIsMissing(
  provider: ProviderName,
  env: Environment,
  claude: string | undefined,
): string | undefined {
  switch (provider) {
    case 'anthropic':
      return anthropicCredentials(env).length > 0
        ? undefined
        : 'none of ANTHROPIC_AUTH_TOKEN, ANTHROPIC_API_KEY and, with ANTHROPIC_BASE_URL, ' +
            'ANTHROPIC_CUSTOM_HEADERS is set';
    case 'vertex':
      if (!env['CLOUD_ML_REGION']) return 'CLOUD_ML_REGION is not set';
      return googleProject(env) ? undefined : 'ANTHROPIC_VERTEX_PROJECT_ID is not set';
    case 'foundry':
      if (!env['ANTHROPIC_FOUNDRY_BASE_URL'] && !env['ANTHROPIC_FOUNDRY_RESOURCE']) {
        return 'neither ANTHROPIC_FOUNDRY_BASE_URL nor ANTHROPIC_FOUNDRY_RESOURCE is set';
      }
      return env['ANTHROPIC_FOUNDRY_API_KEY'] ? undefined : 'ANTHROPIC_FOUNDRY_API_KEY is not set';
    case 'anthropic-aws':
      return env['ANTHROPIC_AWS_WORKSPACE_ID']
        ? undefined
        : 'ANTHROPIC_AWS_WORKSPACE_ID is not set';
    case 'claude-cli':
      return claude === undefined
        ? 'no `claude` program was found: set SG_AGENTIC_CLI_PATH to it'
        : undefined;
    case 'bedrock':
    case 'mantle':
      return undefined;
  }
}

function credentialsOf(provider: ProviderName, env: Environment): readonly CredentialName[] {
  switch (provider) {
    case 'anthropic':
      return anthropicCredentials(env);
    case 'bedrock':
      if (isOn(env['CLAUDE_CODE_SKIP_BEDROCK_AUTH'])) return ['none'];
      return [env['AWS_BEARER_TOKEN_BEDROCK'] ? 'AWS_BEARER_TOKEN_BEDROCK' : 'AWS credentials'];
    case 'mantle':
      if (isOn(env['CLAUDE_CODE_SKIP_MANTLE_AUTH'])) return ['none'];
      return [env['AWS_BEARER_TOKEN_BEDROCK'] ? 'AWS_BEARER_TOKEN_BEDROCK' : 'AWS credentials'];
    case 'anthropic-aws':
      return [env['ANTHROPIC_AWS_API_KEY'] ? 'ANTHROPIC_AWS_API_KEY' : 'AWS credentials'];
    case 'vertex':
      return ['Google credentials'];
    case 'foundry':
      return ['ANTHROPIC_FOUNDRY_API_KEY'];
    case 'claude-cli':
      return ['Claude login'];
  }
}

function anthropicCredentials(env: Environment): readonly CredentialName[] {
  const names: CredentialName[] = [];
  if (env['ANTHROPIC_AUTH_TOKEN']) names.push('ANTHROPIC_AUTH_TOKEN');
  if (env['ANTHROPIC_API_KEY']) names.push('ANTHROPIC_API_KEY');
  if (names.length > 0) return names;
  // Headers alone say nothing about whether the endpoint wants a login too, unless the user named a gateway.
  return env['ANTHROPIC_BASE_URL'] && env['ANTHROPIC_CUSTOM_HEADERS']
    ? ['ANTHROPIC_CUSTOM_HEADERS']
    : [];
}

const BASE_URLS: Readonly<Partial<Record<ProviderName, string>>> = {
  anthropic: 'ANTHROPIC_BASE_URL',
  bedrock: 'ANTHROPIC_BEDROCK_BASE_URL',
  vertex: 'ANTHROPIC_VERTEX_BASE_URL',
  foundry: 'ANTHROPIC_FOUNDRY_BASE_URL',
  'anthropic-aws': 'ANTHROPIC_AWS_BASE_URL',
  mantle: 'ANTHROPIC_BEDROCK_MANTLE_BASE_URL',
};

/** Host of a base URL that was set; an address may carry a password, so no more than that. */
function where(provider: ProviderName, env: Environment): string {
  const name = BASE_URLS[provider];
  const value = name === undefined ? undefined : env[name];
  if (!value) return '';
  return URL.canParse(value) ? ` at ${new URL(value).host}` : ` at the address in ${name}`;
}

function isOn(value: string | undefined): boolean {
  return TRUE_WORDS.has((value ?? '').trim().toLowerCase());
}

function none(why: string): Selection {
  return { kind: 'none', why };
}
