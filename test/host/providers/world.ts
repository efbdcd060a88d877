/** Providers pointed at the loopback stand-in, and time that tests move by hand. */
import { createServer } from 'node:net';
import type { ModelRequest } from '../../../orchestrator/transport.ts';
import type { Environment } from '../../../host/config.ts';
import type { ProviderName, Timing } from '../../../host/providers/provider.ts';
import { modelForm } from '../../../host/providers/model-form.ts';
import { CREDENTIALS, GATEWAY_HEADER } from '../../support/api/auth.ts';

export type ApiProvider = Exclude<ProviderName, 'claude-cli'>;

/** Each way of authentication that goes over the wire, by a name for tables. */
export const WAYS: readonly {
  readonly name: string;
  readonly provider: ApiProvider;
  readonly env: (url: string) => Environment;
}[] = [
  {
    name: 'anthropic, key',
    provider: 'anthropic',
    env: (url) => ({ ANTHROPIC_BASE_URL: `${url}/anthropic`, ANTHROPIC_API_KEY: CREDENTIALS.key }),
  },
  {
    name: 'anthropic, token',
    provider: 'anthropic',
    env: (url) => ({
      ANTHROPIC_BASE_URL: `${url}/anthropic/`,
      ANTHROPIC_AUTH_TOKEN: CREDENTIALS.token,
    }),
  },
  {
    name: 'gateway, own header',
    provider: 'anthropic',
    env: (url) => ({
      ANTHROPIC_BASE_URL: `${url}/anthropic`,
      ANTHROPIC_CUSTOM_HEADERS: `${GATEWAY_HEADER}: ${CREDENTIALS.gateway}\nx-team: blue`,
    }),
  },
  {
    name: 'foundry',
    provider: 'foundry',
    env: (url) => ({
      CLAUDE_CODE_USE_FOUNDRY: '1',
      ANTHROPIC_FOUNDRY_BASE_URL: `${url}/foundry/`,
      ANTHROPIC_FOUNDRY_API_KEY: CREDENTIALS.foundry,
    }),
  },
  {
    name: 'anthropic on aws, key',
    provider: 'anthropic-aws',
    env: (url) => ({
      CLAUDE_CODE_USE_ANTHROPIC_AWS: '1',
      ANTHROPIC_AWS_BASE_URL: `${url}/aws`,
      ANTHROPIC_AWS_WORKSPACE_ID: CREDENTIALS.workspace,
      ANTHROPIC_AWS_API_KEY: CREDENTIALS.aws,
    }),
  },
  {
    name: 'anthropic on aws, signed',
    provider: 'anthropic-aws',
    env: (url) => ({
      CLAUDE_CODE_USE_ANTHROPIC_AWS: '1',
      ANTHROPIC_AWS_BASE_URL: `${url}/aws`,
      ANTHROPIC_AWS_WORKSPACE_ID: CREDENTIALS.workspace,
      ...SIGNING,
    }),
  },
  {
    name: 'mantle, token',
    provider: 'mantle',
    env: (url) => ({
      CLAUDE_CODE_USE_MANTLE: '1',
      ANTHROPIC_BEDROCK_MANTLE_BASE_URL: `${url}/mantle`,
      AWS_BEARER_TOKEN_BEDROCK: CREDENTIALS.bedrock,
    }),
  },
  {
    name: 'mantle, signed',
    provider: 'mantle',
    env: (url) => ({
      CLAUDE_CODE_USE_MANTLE: '1',
      ANTHROPIC_BEDROCK_MANTLE_BASE_URL: `${url}/mantle`,
      ...SIGNING,
    }),
  },
  {
    name: 'bedrock, token',
    provider: 'bedrock',
    env: (url) => ({
      CLAUDE_CODE_USE_BEDROCK: 'true',
      ANTHROPIC_BEDROCK_BASE_URL: `${url}/bedrock`,
      AWS_BEARER_TOKEN_BEDROCK: CREDENTIALS.bedrock,
    }),
  },
  {
    name: 'bedrock, signed',
    provider: 'bedrock',
    env: (url) => ({
      CLAUDE_CODE_USE_BEDROCK: 'true',
      ANTHROPIC_BEDROCK_BASE_URL: `${url}/bedrock`,
      ...SIGNING,
    }),
  },
  {
    name: 'vertex',
    provider: 'vertex',
    env: (url) => ({
      CLAUDE_CODE_USE_VERTEX: '1',
      ANTHROPIC_VERTEX_BASE_URL: `${url}/vertex`,
      ANTHROPIC_VERTEX_PROJECT_ID: 'loopback-project',
      CLOUD_ML_REGION: 'global',
    }),
  },
];

const SIGNING = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: CREDENTIALS.signing.access,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.signing.secret,
};

export function requestFor(
  provider: ProviderName,
  env: Environment,
  more: Partial<ModelRequest> = {},
): ModelRequest {
  return {
    model: modelForm(provider, env),
    system: 'SYSTEM-CANARY You review changes.',
    prompt: 'PROMPT-CANARY diff --git a b',
    schema: {
      type: 'object',
      properties: { findings: { type: 'array', items: { type: 'string' } } },
      required: ['findings'],
      additionalProperties: false,
    },
    maxTokens: 4000,
    ...more,
  };
}

export interface FakeTiming extends Timing {
  /** Timers that run now, in milliseconds. */
  readonly pending: () => readonly number[];
  /** Lets the time of every timer pass. */
  elapse(): void;
}

export const NOW: number = Date.parse('2026-11-21T12:00:00Z');

export function fakeTiming(): FakeTiming {
  const timers = new Map<object, { readonly ms: number; readonly run: () => void }>();
  return {
    now: () => NOW,
    after(ms, run) {
      const key = {};
      timers.set(key, { ms, run });
      return () => void timers.delete(key);
    },
    pending: () => [...timers.values()].map(({ ms }) => ms),
    elapse() {
      for (const [key, timer] of timers) {
        timers.delete(key);
        timer.run();
      }
    },
  };
}

/** Tries `check` until it holds; fails loudly when it never does. */
export async function until(check: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (check()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`never came: ${what}`);
}

/** Address of a port that was just free. */
export async function closedUrl(): Promise<string> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
