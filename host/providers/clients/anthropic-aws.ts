/** Anthropic's API on Amazon's infrastructure: a workspace, and a key or a signature. */
import { AnthropicAws } from '@anthropic-ai/aws-sdk/client';
import type { Environment } from '../../config.ts';
import { awsRegion } from '../model-form.ts';
import type { CredentialName } from '../provider.ts';
import { awsKeys } from './aws.ts';
import { commonOptions } from './options.ts';

export async function anthropicAwsClient(
  credential: CredentialName,
  env: Environment,
): Promise<AnthropicAws> {
  const region = awsRegion(env);
  const baseURL =
    env['ANTHROPIC_AWS_BASE_URL'] || `https://aws-external-anthropic.${region}.api.aws`;
  const options = {
    ...(await commonOptions(baseURL, env)),
    baseURL,
    awsRegion: region,
    workspaceId: env['ANTHROPIC_AWS_WORKSPACE_ID'],
  };
  if (credential === 'ANTHROPIC_AWS_API_KEY') {
    return new AnthropicAws({ ...options, apiKey: env[credential] });
  }
  const keys = awsKeys(env);
  return keys === undefined
    ? new AnthropicAws(options)
    : new AnthropicAws({
        ...options,
        awsAccessKey: keys.access,
        awsSecretAccessKey: keys.secret,
        awsSessionToken: keys.session,
      });
}
