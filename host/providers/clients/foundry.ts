/** Microsoft Foundry: the Messages API behind `x-api-key`. */
import { AnthropicFoundry } from '@anthropic-ai/foundry-sdk/client';
import type { Environment } from '../../config.ts';
import { commonOptions } from './options.ts';

export async function foundryClient(env: Environment): Promise<AnthropicFoundry> {
  const resource = env['ANTHROPIC_FOUNDRY_RESOURCE'] ?? '';
  const baseURL =
    env['ANTHROPIC_FOUNDRY_BASE_URL'] || `https://${resource}.services.ai.azure.com/anthropic/`;
  return new AnthropicFoundry({
    ...(await commonOptions(baseURL, env)),
    baseURL,
    // An address and a resource exclude each other, and the client would read the second by itself.
    resource: '',
    apiKey: env['ANTHROPIC_FOUNDRY_API_KEY'],
  });
}
