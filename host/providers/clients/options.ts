/** What every client is told, so that none of them decides for itself. */
import type { ClientOptions } from '@anthropic-ai/sdk/client';
import type { Environment } from '../../config.ts';
import { customHeaders } from '../custom-headers.ts';
import { fetchFor } from '../proxy.ts';

export type CommonOptions = Pick<
  ClientOptions,
  | 'defaultHeaders'
  | 'fetch'
  | 'fetchOptions'
  | 'logLevel'
  | 'logger'
  | 'maxRetries'
  | 'openTelemetry'
>;

/** Options for a client of `baseUrl`. Throws where that is no web address. */
export async function commonOptions(baseUrl: string, env: Environment): Promise<CommonOptions> {
  if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new Error('the base URL is no http or https address');
  }
  return {
    defaultHeaders: customHeaders(env),
    fetch: await fetchFor(baseUrl, env),
    // A redirect would carry the content to an endpoint that nobody configured.
    fetchOptions: { redirect: 'manual' },
    logLevel: 'off',
    // The default one writes to stdout, which belongs to the answer of a hook.
    logger: { error: ignore, warn: ignore, info: ignore, debug: ignore },
    maxRetries: 0,
    openTelemetry: false,
  };
}

function ignore(): void {
  // What matters of it is in the reply.
}
