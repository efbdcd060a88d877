/** A request to the scripted program, and what a real one prints. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { openTransport } from '../../../host/providers/open.ts';
import { selectProviders } from '../../../host/providers/select.ts';
import type { ModelReply, ModelRequest } from '../../../orchestrator/transport.ts';
import { fakeTiming, requestFor } from './world.ts';

export const PROGRAM: string = join(import.meta.dirname, 'fake-claude.mjs');

/** Sends one request to a program that plays `play`; `dir` is a scratch folder. */
export async function askProgram(
  dir: string,
  play: Readonly<Record<string, unknown>>,
  more: {
    readonly env?: Readonly<Record<string, string>>;
    readonly request?: Partial<ModelRequest>;
    readonly signal?: AbortSignal;
    readonly program?: string;
  } = {},
): Promise<ModelReply> {
  const env = {
    PATH: process.env['PATH'],
    TMPDIR: dir,
    SG_PROVIDER: 'claude-cli',
    SG_TEST_PLAY: JSON.stringify(play),
    ...more.env,
  };
  const claude = more.program ?? PROGRAM;
  const selection = selectProviders(env, claude);
  if (selection.kind !== 'chosen') throw new Error(selection.why);
  const transport = await openTransport(selection.choices[0], {
    env,
    timing: fakeTiming(),
    claude,
    untrusted: [join(dir, 'repo')],
  });
  expect(transport).toMatchObject({ provider: 'claude-cli', billing: 'subscription' });
  const { signal = new AbortController().signal } = more;
  return transport.send(requestFor('claude-cli', env, more.request), signal);
}

const USAGE = {
  input_tokens: 5,
  output_tokens: 6,
  cache_read_input_tokens: 7,
  cache_creation_input_tokens: 8,
};
/** What the program prints for an answer. */
export const SUCCESS: Readonly<Record<string, unknown>> = {
  type: 'result',
  subtype: 'success',
  is_error: false,
  api_error_status: null,
  terminal_reason: 'completed',
  stop_reason: 'tool_use',
  result: '',
  structured_output: { findings: ['ä'] },
  usage: USAGE,
  modelUsage: { 'claude-haiku-5-5': { outputTokens: 1 }, 'claude-opus-5-5': { outputTokens: 6 } },
};
