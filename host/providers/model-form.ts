/** Model ids in the form that each provider takes. */
import type { Environment } from '../config.ts';
import type { ProviderName } from './provider.ts';

/** Used where the endpoint does not tell its newest model. */
const PINNED = 'claude-opus-5-5';

/** Id of the pinned model in the form of `provider`. */
export function modelForm(provider: ProviderName, env: Environment): string {
  switch (provider) {
    case 'anthropic':
    case 'anthropic-aws':
    case 'foundry':
    case 'vertex':
      return PINNED;
    case 'mantle':
      return `anthropic.${PINNED}`;
    case 'bedrock':
      return `${inferenceProfile(awsRegion(env))}.anthropic.${PINNED}`;
    case 'claude-cli':
      // The program's own name for the newest one.
      return 'opus';
  }
}

/** Keeps the content in the part of the world that the user chose, where there is such a profile. */
function inferenceProfile(region: string): string {
  if (region.startsWith('us-gov-')) return 'us-gov';
  const part = region.slice(0, region.indexOf('-'));
  return part === 'us' || part === 'eu' ? part : 'global';
}

/** Amazon's region that the clients use. */
export function awsRegion(env: Environment): string {
  return env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1';
}
