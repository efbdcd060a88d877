/** What is not ours: git, and the model provider that the environment names. */
import { findProgram, searchPath } from '../../host/program.ts';
import type { Io } from '../io.ts';
import { ok, warn } from './check.ts';
import type { Check } from './check.ts';
import { runProgram } from './program.ts';

export async function checkGit(io: Io): Promise<Check> {
  const action = 'install git, or put it on PATH';
  const git = findProgram('git', searchPath(io.env));
  if (git === undefined) return warn('git', 'not found in the folders of PATH', action);
  const said = await runProgram(git, ['--version'], io);
  const version = /\d+\.\d+(?:\.\d+)*/.exec(said ?? '')?.[0];
  if (version === undefined) return warn('git', `${git} does not say its version`, action);
  return ok('git', `version ${version} at ${git}`);
}

const CREDENTIALS = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'];
const PROVIDERS = [
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
  'CLAUDE_CODE_USE_MANTLE',
  'CLAUDE_CODE_USE_ANTHROPIC_AWS',
];
const OTHERS = ['ANTHROPIC_BASE_URL', 'ANTHROPIC_CUSTOM_HEADERS'];

/** Names only: a value is never read further than whether there is one. Nobody is called. */
export function checkProvider(io: Io): Check {
  const set = (names: readonly string[]): string[] =>
    names.filter((name) => (io.env[name] ?? '') !== '');
  const credentials = [...set(CREDENTIALS), ...set(PROVIDERS)];
  const named = [...credentials, ...set(OTHERS)];
  if (credentials.length === 0) {
    const more = named.length === 0 ? '' : ` (${named.join(', ')} set)`;
    return ok('provider', `no credentials in this environment${more}; the rules need none`);
  }
  return ok('provider', `set: ${named.join(', ')}; the rules need none`);
}
