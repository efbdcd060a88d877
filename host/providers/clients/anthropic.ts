/** The Anthropic API, or a gateway that speaks it. */
import { BaseAnthropic } from '@anthropic-ai/sdk/client';
import type { Environment } from '../../config.ts';
import { customHeaders } from '../custom-headers.ts';
import type { CredentialName } from '../provider.ts';
import { commonOptions } from './options.ts';

const PUBLIC_URL = 'https://api.anthropic.com';

export async function anthropicClient(
  credential: CredentialName,
  env: Environment,
): Promise<BaseAnthropic> {
  const baseURL = env['ANTHROPIC_BASE_URL'] || PUBLIC_URL;
  const options = await commonOptions(baseURL, env);
  if (credential === 'ANTHROPIC_AUTH_TOKEN') {
    return new BaseAnthropic({ ...options, baseURL, authToken: env[credential] ?? null });
  }
  if (credential === 'ANTHROPIC_API_KEY') {
    return new BaseAnthropic({ ...options, baseURL, apiKey: env[credential] ?? null });
  }
  // With no key at all the client would look for credentials in files: this one is never sent.
  const headers = customHeaders(env);
  const own = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  return new BaseAnthropic({
    ...options,
    baseURL,
    apiKey: 'unused',
    defaultHeaders: own ? headers : { ...headers, Authorization: null },
  });
}
