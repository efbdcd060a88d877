/** The user's own `claude` as a provider: what subscribers have instead of a key. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  AbortSignalLike,
  ModelReply,
  ModelRequest,
  Transport,
} from '../../../orchestrator/transport.ts';
import { failure } from '../failure.ts';
import { hide } from '../hide.ts';
import type { ProviderContext } from '../provider.ts';
import { readResult } from './answer.ts';
import { cliArguments, cliEnvironment } from './arguments.ts';
import { runChild } from './child.ts';

export function cliTransport(
  { env, claude, untrusted }: ProviderContext,
  secrets: readonly string[],
): Transport {
  const send = async (request: ModelRequest, signal: AbortSignalLike): Promise<ModelReply> => {
    const reply = await ask(request, signal);
    return reply.kind === 'failure' ? { ...reply, message: hide(reply.message, secrets) } : reply;
  };
  const ask = async (request: ModelRequest, signal: AbortSignalLike): Promise<ModelReply> => {
    if (claude === undefined) return failure('auth', 'no `claude` program was found');
    const args = cliArguments(request);
    if (args === undefined) {
      return failure(
        'too-large',
        'system prompt or schema are too long for the arguments of claude',
      );
    }
    let own: string | undefined;
    try {
      // An empty folder: what a repository has for Claude Code is not there.
      if (request.folder === undefined) own = await mkdtemp(join(tmpdir(), 'sg-review-'));
      const cwd = request.folder ?? own ?? tmpdir();
      const options = {
        args,
        env: cliEnvironment(env, untrusted, request),
        cwd,
        stdin: request.prompt,
      };
      const end = await runChild(claude, options, signal);
      switch (end.kind) {
        case 'cancelled':
          return failure('cancelled', 'the request was cancelled');
        case 'failed':
          return failure('server', `claude could not be run: ${end.message}`);
        case 'ended':
          if (end.stdout.trim() === '') {
            const words = end.stderr.trim() || 'it printed nothing';
            return failure('server', `claude ended with ${end.code}: ${words}`);
          }
          return readResult(end.stdout, request.model);
      }
    } catch (error) {
      return failure('server', `claude could not be run: ${String(error)}`);
    } finally {
      if (own !== undefined) await rm(own, { recursive: true, force: true }).catch(() => undefined);
    }
  };
  return { provider: 'claude-cli', billing: 'subscription', hasOwnTools: true, send };
}
