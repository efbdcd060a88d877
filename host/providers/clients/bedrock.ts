/** Amazon Bedrock: the model is in the path, the answer a binary event stream. */
import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk/client';
import type { Environment } from '../../config.ts';
import { awsRegion } from '../model-form.ts';
import type { CredentialName } from '../provider.ts';
import { awsKeys } from './aws.ts';
import { commonOptions } from './options.ts';

export async function bedrockClient(
  credential: CredentialName,
  env: Environment,
): Promise<AnthropicBedrock> {
  const region = awsRegion(env);
  const baseURL =
    env['ANTHROPIC_BEDROCK_BASE_URL'] || `https://bedrock-runtime.${region}.amazonaws.com`;
  const options = { ...(await commonOptions(baseURL, env)), baseURL, awsRegion: region };
  if (credential === 'none')
    return new AnthropicBedrock({ ...options, apiKey: null, skipAuth: true });
  if (credential === 'AWS_BEARER_TOKEN_BEDROCK') {
    return new AnthropicBedrock({ ...options, apiKey: env[credential] ?? null });
  }
  const keys = awsKeys(env);
  return keys === undefined
    ? new AnthropicBedrock({ ...options, apiKey: null })
    : new AnthropicBedrock({
        ...options,
        apiKey: null,
        awsAccessKey: keys.access,
        awsSecretKey: keys.secret,
        awsSessionToken: keys.session,
      });
}
