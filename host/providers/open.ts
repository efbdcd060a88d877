/** Opens the transport of a chosen provider. Each provider's code is loaded only when it is the one. */
import type { BaseAnthropic } from '@anthropic-ai/sdk/client';
import type { Transport } from '../../orchestrator/transport.ts';
import type { Environment } from '../config.ts';
import { customHeaders } from './custom-headers.ts';
import { NO_USAGE, failure } from './failure.ts';
import { hide, secretsOf } from './hide.ts';
import { modelForm } from './model-form.ts';
import type { CredentialName, ProviderChoice, ProviderContext, ProviderName } from './provider.ts';

/**
 * Never rejects: where the settings do not make a client, every send of the transport fails with `auth`
 * and says what is wrong with them.
 */
export async function openTransport(
  choice: ProviderChoice,
  context: ProviderContext,
): Promise<Transport> {
  const { env, timing } = context;
  const secrets = secretsOf(env, customHeaders(env));
  const { provider, credential } = choice;
  try {
    if (provider === 'claude-cli') {
      const { cliTransport } = await import('./cli/transport.ts');
      return cliTransport(context, secrets);
    }
    const client = await clientOf(provider, credential, env);
    const { messagesTransport } = await import('./messages.ts');
    return messagesTransport({
      client,
      choice,
      timing,
      secrets,
      modelForm: modelForm(provider, env),
      listsModels: provider === 'anthropic' || provider === 'anthropic-aws',
    });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const message = hide(`the settings of ${provider} are incomplete: ${words}`, secrets);
    return {
      provider,
      billing: choice.billing,
      send: () => Promise.resolve(failure('auth', message, { usage: NO_USAGE })),
    };
  }
}

async function clientOf(
  provider: Exclude<ProviderName, 'claude-cli'>,
  credential: CredentialName,
  env: Environment,
): Promise<BaseAnthropic> {
  switch (provider) {
    case 'anthropic':
      return (await import('./clients/anthropic.ts')).anthropicClient(credential, env);
    case 'bedrock':
      return (await import('./clients/bedrock.ts')).bedrockClient(credential, env);
    case 'mantle':
      return (await import('./clients/mantle.ts')).mantleClient(credential, env);
    case 'vertex':
      return (await import('./clients/vertex.ts')).vertexClient(env);
    case 'foundry':
      return (await import('./clients/foundry.ts')).foundryClient(env);
    case 'anthropic-aws':
      return (await import('./clients/anthropic-aws.ts')).anthropicAwsClient(credential, env);
  }
}
