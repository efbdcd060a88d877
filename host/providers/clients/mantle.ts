/** Mantle: the Messages API as Amazon Bedrock serves it. */
import { AnthropicBedrockMantle } from '@anthropic-ai/bedrock-sdk/mantle-client';
import type { Environment } from '../../config.ts';
import { awsRegion } from '../model-form.ts';
import type { CredentialName } from '../provider.ts';
import { awsKeys } from './aws.ts';
import { commonOptions } from './options.ts';

export async function mantleClient(
  credential: CredentialName,
  env: Environment,
): Promise<AnthropicBedrockMantle> {
  const region = awsRegion(env);
  const baseURL =
    env['ANTHROPIC_BEDROCK_MANTLE_BASE_URL'] ||
    `https://bedrock-mantle.${region}.api.aws/anthropic`;
  const options = { ...(await commonOptions(baseURL, env)), baseURL, awsRegion: region };
  if (credential === 'none') return new AnthropicBedrockMantle({ ...options, skipAuth: true });
  if (credential === 'AWS_BEARER_TOKEN_BEDROCK') {
    return new AnthropicBedrockMantle({ ...options, apiKey: env[credential] });
  }
  const keys = awsKeys(env);
  return keys === undefined
    ? new AnthropicBedrockMantle(options)
    : new AnthropicBedrockMantle({
        ...options,
        awsAccessKey: keys.access,
        awsSecretAccessKey: keys.secret,
        awsSessionToken: keys.session,
      });
}
