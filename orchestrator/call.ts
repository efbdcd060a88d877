/**
 * One question and its answer: which failure is tried again, how, and how often. Everything happens inside
 * one deadline, and no failure of any kind is an answer.
 */
import type { Decoded } from './decode.ts';
import type { Clock, MakeAbort } from './ports.ts';
import type {
  AbortSignalLike,
  FailureClass,
  ModelReply,
  ModelRequest,
  ModelUsage,
  Transport,
} from './transport.ts';

/** A request at one of two sizes; undefined when there is nothing smaller. */
export type MakeRequest = (size: 'full' | 'half') => ModelRequest | undefined;

/** Asked before money is spent. */
export interface Purse {
  /**
   * Resolves with a hold on what the request may cost at most, or why there is none. Without `payer` it is
   * taken for a request that costs its price.
   */
  reserve(
    request: ModelRequest,
    payer?: Pick<Transport, 'provider' | 'billing'>,
  ): Promise<Hold | { readonly refused: string }>;
}

export interface Hold {
  /** What was used; undefined where nothing is known, which costs what was held. */
  settle(usage: ModelUsage | undefined, model: string): Promise<void>;
}

/** Who is asked, with which money, and until when. */
export interface CallMeans {
  /** Credentials in their order; the second is tried when the first is refused. */
  readonly transports: readonly Transport[];
  /** Asked once with a fresh transcript when the model refuses. */
  readonly otherModel?: string;
  readonly purse: Purse;
  readonly clock: Clock;
  readonly makeAbort: MakeAbort;
  /** For everything together, in milliseconds. */
  readonly deadlineMs: number;
  /** The caller's own end. */
  readonly signal?: AbortSignalLike;
}

export interface CallOptions<Answer> extends CallMeans {
  readonly makeRequest: MakeRequest;
  readonly decode: (text: string) => Decoded<Answer>;
  /** What calls of tools mean; where it is absent they are no answer. */
  readonly decodeCalls?: (reply: Extract<ModelReply, { kind: 'calls' }>) => Decoded<Answer>;
  /** Of the answer before in the same conversation: what failed then is not tried again. */
  readonly shape?: Shape;
}

/** One request that was sent. */
export interface Attempt {
  readonly provider: string;
  readonly model: string;
  readonly milliseconds: number;
  readonly failure?: FailureClass;
  readonly status?: number;
  readonly usage?: ModelUsage;
}

export type CallFailure = FailureClass | 'budget' | 'deadline';

export type CallOutcome<Answer> =
  | {
      readonly kind: 'answer';
      readonly value: Answer;
      readonly attempts: readonly Attempt[];
      /** What the request was made of. */
      readonly shape: Shape;
    }
  | {
      readonly kind: 'failed';
      readonly failure: CallFailure;
      readonly detail: string;
      readonly attempts: readonly Attempt[];
    };

/** Fails now and may not in a moment. */
export const TRANSIENT: ReadonlySet<CallFailure> = new Set([
  'rate-limit',
  'overloaded',
  'server',
  'network',
  'stall',
  'timeout',
]);
const MAX_RETRIES = 2;
const PAUSES_MS = [1_000, 4_000];
/** Nothing useful is answered in less. */
const SHORTEST_CALL_MS = 2_000;

/** Never rejects for what a provider does. */
export async function callModel<Answer>(
  options: CallOptions<Answer>,
): Promise<CallOutcome<Answer>> {
  if (options.deadlineMs <= 0)
    return { kind: 'failed', failure: 'deadline', detail: 'no time is left', attempts: [] };
  const abort = options.makeAbort();
  const { clock, signal } = options;
  const until = clock.monotonic() + options.deadlineMs;
  const stop = (): void => abort.abort();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted === true) stop();
  const ended = options.makeAbort();
  void clock.sleep(options.deadlineMs, ended.signal).then(() => {
    if (!ended.signal.aborted) stop();
  });
  try {
    return await new Call(options, until, abort.signal).run();
  } finally {
    ended.abort();
    signal?.removeEventListener('abort', stop);
  }
}

/** What the next request is made of; each way out of a failure is taken once. */
export interface Shape {
  readonly size: 'full' | 'half';
  readonly effort: boolean;
  readonly thinking: boolean;
  readonly moreTokens: boolean;
  readonly model: string | undefined;
  readonly transport: number;
}

const FIRST: Shape = {
  size: 'full',
  effort: true,
  thinking: true,
  moreTokens: false,
  model: undefined,
  transport: 0,
};

type Next =
  | { readonly kind: 'again'; readonly shape: Shape; readonly afterMs: number }
  | { readonly kind: 'stop'; readonly failure: FailureClass | 'deadline'; readonly detail: string };

class Call<Answer> {
  readonly #options: CallOptions<Answer>;
  readonly #until: number;
  readonly #signal: AbortSignalLike;
  readonly #attempts: Attempt[] = [];
  #retries = 0;

  constructor(options: CallOptions<Answer>, until: number, signal: AbortSignalLike) {
    this.#options = options;
    this.#until = until;
    this.#signal = signal;
  }

  async run(): Promise<CallOutcome<Answer>> {
    const { clock, purse, transports } = this.#options;
    for (let shape = this.#options.shape ?? FIRST; ;) {
      const transport = transports[shape.transport];
      const request = this.#request(shape);
      if (transport === undefined || request === undefined)
        return this.#failed('bad-request', 'nothing can be sent');
      const hold = await purse.reserve(request, transport);
      if ('refused' in hold) return this.#failed('budget', hold.refused);
      const begun = clock.monotonic();
      const reply = await transport.send(request, this.#signal);
      await hold.settle(reply.usage, reply.kind === 'failure' ? request.model : reply.model);
      const checked = this.#checked(reply);
      const failure = reply.kind === 'failure' ? reply.failure : checked?.ok ? undefined : 'schema';
      this.#attempts.push({
        provider: transport.provider,
        model: request.model,
        milliseconds: clock.monotonic() - begun,
        ...(failure === undefined ? {} : { failure }),
        ...(reply.kind === 'failure' && reply.status !== undefined ? { status: reply.status } : {}),
        ...(reply.usage === undefined ? {} : { usage: reply.usage }),
      });
      if (checked?.ok === true)
        return { kind: 'answer', value: checked.value, attempts: this.#attempts, shape };
      const detail = checked === undefined ? messageOf(reply) : checked.reason;
      const next = this.#after(failure ?? 'schema', detail, reply, shape, request);
      if (next.kind === 'stop') return this.#failed(next.failure, next.detail);
      if (next.afterMs > 0) await clock.sleep(next.afterMs, this.#signal);
      if (this.#signal.aborted) return this.#failed(this.#endedBy(), detail);
      shape = next.shape;
    }
  }

  #checked(reply: ModelReply): Decoded<Answer> | undefined {
    const { decode, decodeCalls } = this.#options;
    if (reply.kind === 'failure') return undefined;
    if (reply.kind === 'answer') return decode(reply.text);
    return decodeCalls?.(reply) ?? { ok: false, reason: 'got calls of tools, expected an answer' };
  }

  #request(shape: Shape): ModelRequest | undefined {
    const made = this.#options.makeRequest(shape.size);
    if (made === undefined) return undefined;
    const { effort, thinking, ...rest } = made;
    return {
      ...rest,
      ...(shape.model === undefined ? {} : { model: shape.model }),
      ...(shape.effort && effort !== undefined ? { effort } : {}),
      ...(shape.thinking && thinking !== undefined ? { thinking } : {}),
      ...(shape.moreTokens ? { maxTokens: made.maxTokens * 2 } : {}),
    };
  }

  #after(
    failure: FailureClass,
    detail: string,
    reply: ModelReply,
    shape: Shape,
    sent: ModelRequest,
  ): Next {
    const stop: Next = { kind: 'stop', failure, detail };
    const again = (change: Partial<Shape>, afterMs = 0): Next =>
      this.#until - this.#options.clock.monotonic() - afterMs < SHORTEST_CALL_MS
        ? stop
        : { kind: 'again', shape: { ...shape, ...change }, afterMs };
    if (this.#signal.aborted) return { kind: 'stop', failure: this.#endedBy(), detail };
    if (TRANSIENT.has(failure)) {
      if (this.#retries >= MAX_RETRIES) return stop;
      const pause = PAUSES_MS[this.#retries] ?? 0;
      this.#retries += 1;
      const asked = reply.kind === 'failure' ? reply.retryAfterMs : undefined;
      return again({}, asked ?? pause);
    }
    switch (failure) {
      case 'auth': {
        const other = shape.transport + 1;
        return other < Math.min(2, this.#options.transports.length)
          ? again({ transport: other })
          : stop;
      }
      case 'bad-request':
        if (sent.effort !== undefined) return again({ effort: false });
        return sent.thinking !== undefined ? again({ thinking: false }) : stop;
      case 'too-large':
        return shape.size === 'full' && this.#options.makeRequest('half') !== undefined
          ? again({ size: 'half' })
          : stop;
      case 'refusal': {
        const { otherModel } = this.#options;
        return shape.model === undefined && otherModel !== undefined
          ? again({ model: otherModel })
          : stop;
      }
      case 'truncated':
      case 'schema':
        return shape.moreTokens ? stop : again({ moreTokens: true });
      case 'unknown-model':
      case 'not-json':
      case 'cancelled':
      // Tried again above, as often as may be.
      case 'rate-limit':
      case 'overloaded':
      case 'server':
      case 'network':
      case 'stall':
      case 'timeout':
        return stop;
    }
  }

  #endedBy(): 'cancelled' | 'deadline' {
    return this.#options.signal?.aborted === true ? 'cancelled' : 'deadline';
  }

  #failed(failure: CallFailure, detail: string): CallOutcome<Answer> {
    return { kind: 'failed', failure, detail, attempts: this.#attempts };
  }
}

function messageOf(reply: ModelReply): string {
  return reply.kind === 'failure' ? reply.message : '';
}
