/**
 * What was asked and answered, as a file: one JSON object a line, the first of which says what was recorded. A
 * recording is played back without a network and gives the same report each time. Only replies are kept, and of
 * a request its digest: no credential can be in it. Results of tools are part of requests, so that a conversation
 * whose files or tools have changed is another one.
 */
import { createHash } from 'node:crypto';
import { DEEP_PROMPT_VERSION } from '../../orchestrator/deep/prompt.ts';
import { PROMPT_VERSION } from '../../orchestrator/prompt.ts';
import type {
  AbortSignalLike,
  ModelReply,
  ModelRequest,
  Transport,
} from '../../orchestrator/transport.ts';
import type { TrialId } from './trial.ts';
import { createVirtualClock } from './virtual-clock.ts';
import type { VirtualClock } from './virtual-clock.ts';

export const CASSETTE_FORMAT = 1;

export interface CassetteHead {
  readonly kind: 'sg-eval-cassette';
  readonly format: typeof CASSETTE_FORMAT;
  /** Of `sg`. */
  readonly version: string;
  readonly promptVersion: string;
  /** ISO 8601. */
  readonly at: string;
  /** That was asked for. */
  readonly model: string;
  /** One for each credential, in their order. */
  readonly providers: readonly string[];
  readonly rounds: number;
  /** Ids of the pairs. */
  readonly pairs: readonly string[];
  /** That it was investigated. */
  readonly deep?: true;
  /** Providers that look around with tools of their own. */
  readonly ownTools?: readonly string[];
}

/** One request and its reply. */
export interface Taped extends TrialId {
  /** `requestDigest` */
  readonly request: string;
  readonly provider: string;
  readonly milliseconds: number;
  readonly reply: ModelReply;
}

export interface Cassette {
  readonly head: CassetteHead;
  readonly taped: readonly Taped[];
}

/** SHA-256 of everything in a request that an answer may depend on, in hexadecimal. */
export function requestDigest(request: ModelRequest): string {
  const { model, system, prompt, schema, maxTokens, effort, thinking } = request;
  const { tools, turns, mayCallTools, folder } = request;
  const isTalk = tools !== undefined || turns !== undefined || folder !== undefined;
  const parts = [
    model,
    system,
    prompt,
    schema,
    maxTokens,
    effort ?? null,
    thinking ?? null,
    // Where a folder is says nothing to anybody.
    ...(isTalk ? [tools ?? null, turns ?? null, mayCallTools ?? null, folder !== undefined] : []),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

export function headOf(
  head: Omit<CassetteHead, 'kind' | 'format' | 'promptVersion'>,
): CassetteHead {
  const { version, at, model, providers, rounds, pairs, deep, ownTools = [] } = head;
  const fixed = { kind: 'sg-eval-cassette', format: CASSETTE_FORMAT } as const;
  const promptVersion = deep === true ? DEEP_PROMPT_VERSION : PROMPT_VERSION;
  return {
    ...fixed,
    version,
    promptVersion,
    at,
    model,
    providers,
    rounds,
    pairs,
    ...(deep === true ? { deep } : {}),
    ...(ownTools.length > 0 ? { ownTools } : {}),
  };
}

/** The transport, with each reply handed to `tape` before it is given on. */
export function recording(
  transport: Transport,
  id: TrialId,
  now: () => number,
  tape: (taped: Taped) => void,
): Transport {
  const { provider, billing, hasOwnTools } = transport;
  return {
    provider,
    billing,
    ...(hasOwnTools === undefined ? {} : { hasOwnTools }),
    async send(request, signal) {
      const begun = now();
      const reply = await transport.send(request, signal);
      const milliseconds = Math.round(now() - begun);
      tape({ ...id, request: requestDigest(request), provider, milliseconds, reply });
      return reply;
    },
  };
}

export interface Player {
  readonly connect: (id: TrialId) => {
    readonly transports: readonly Transport[];
    readonly clock: VirtualClock;
  };
  /** The first request that is not in the recording, and what to do; undefined while there was none. */
  readonly missing: () => string | undefined;
}

/** Gives each trial its recorded replies, in their order and with the time that they took. */
export function createPlayer({ head, taped }: Cassette): Player {
  const tapes = new Map<string, Taped[]>();
  for (const each of taped) {
    const key = keyOf(each);
    tapes.set(key, [...(tapes.get(key) ?? []), each]);
  }
  let missing: string | undefined;
  return {
    missing: () => missing,
    connect(id) {
      const clock = createVirtualClock();
      const rest = [...(tapes.get(keyOf(id)) ?? [])];
      const known = rest.length > 0;
      const send: Transport['send'] = async (request) => {
        const digest = requestDigest(request);
        // Refuters are at work at once, and who is first is left to chance.
        const at = head.deep === true ? rest.findIndex((each) => each.request === digest) : 0;
        const [next] = at < 0 ? [] : rest.splice(at, 1);
        if (next === undefined || next.request !== digest) {
          const place = `pair ${id.pair}, side ${id.side}${head.rounds > 1 ? `, round ${id.round}` : ''}`;
          const why = known
            ? 'the prompts, the rules or the pair changed since'
            : 'it was no part of that run';
          missing ??= `not recorded: ${place}: ${why}; record again`;
          return { kind: 'failure', failure: 'cancelled', message: missing };
        }
        // What goes on at the same time takes its time once.
        if (head.deep === true) await clock.sleep(next.milliseconds, NEVER);
        else clock.advance(next.milliseconds);
        return next.reply;
      };
      const transports = head.providers.map((provider): Transport => ({
        provider,
        billing: 'key',
        hasOwnTools: head.ownTools?.includes(provider) === true,
        send,
      }));
      return { transports, clock };
    },
  };
}

/** A recorded reply comes also where it came to late. */
const NEVER: AbortSignalLike = {
  aborted: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
};

function keyOf({ pair, side, round }: TrialId): string {
  return `${pair} ${side} ${round}`;
}
