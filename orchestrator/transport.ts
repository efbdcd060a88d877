/** The one way to a model: what is asked, what comes back, and which ways it can fail. */

/** A tool that the model may call; we run it. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON schema of an object that says `additionalProperties: false`. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote it; undefined when that was no JSON. */
  readonly input: unknown;
}

export interface ToolResult {
  readonly callId: string;
  readonly text: string;
  readonly isError: boolean;
}

/** A part of a model's turn as its endpoint gave it. It goes back as it came and is never looked into. */
export type Block = Readonly<Record<string, unknown>>;

/** What was said after the prompt. The model's turn comes first, then ours; the last one is ours. */
export type Turn =
  | { readonly role: 'assistant'; readonly blocks: readonly Block[] }
  | {
      readonly role: 'user';
      /** One for each call of the turn before. */
      readonly results: readonly ToolResult[];
      /** May be empty where there are results. */
      readonly text: string;
    };

/** One question with a structured answer. Nothing else goes over the wire but documented headers. */
export interface ModelRequest {
  /** In the id form of the provider that gets it, see `SECURITY_REVIEW_MODEL`. */
  readonly model: string;
  readonly system: string;
  readonly prompt: string;
  /** JSON schema of the answer; every object in it says `additionalProperties: false`. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Cap on the answer, thinking included. */
  readonly maxTokens: number;
  readonly effort?: 'low' | 'medium' | 'high';
  /** `true` asks for adaptive thinking; absent or `false` leaves it to the model. */
  readonly thinking?: boolean;
  readonly tools?: readonly ToolSpec[];
  /** False: it has to answer now. The tools stay in the request, whose beginning is cached with them. */
  readonly mayCallTools?: boolean;
  readonly turns?: readonly Turn[];
  /** For a transport with tools of its own: the folder that they are held to. */
  readonly folder?: string;
}

/**
 * Why there is no answer. `refusal`, `truncated` and `schema` were paid for; `stall` is a stream that went
 * silent, `timeout` an endpoint or proxy that gave up, `cancelled` the caller's own signal.
 */
export type FailureClass =
  | 'auth'
  | 'rate-limit'
  | 'overloaded'
  | 'server'
  | 'network'
  | 'bad-request'
  | 'too-large'
  | 'refusal'
  | 'truncated'
  | 'schema'
  | 'stall'
  | 'timeout'
  | 'unknown-model'
  | 'not-json'
  | 'cancelled';

export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

export type ModelReply =
  | {
      readonly kind: 'answer';
      /** One JSON document. That it is JSON is checked, that it fits the schema is the caller's to check. */
      readonly text: string;
      readonly usage: ModelUsage;
      /** As the endpoint names it. */
      readonly model: string;
    }
  /** Only to a request with tools that may be called. */
  | {
      readonly kind: 'calls';
      readonly calls: readonly ToolCall[];
      /** The whole turn, for the next request. */
      readonly blocks: readonly Block[];
      readonly usage: ModelUsage;
      readonly model: string;
    }
  | {
      readonly kind: 'failure';
      readonly failure: FailureClass;
      /** HTTP status, where there was a response. */
      readonly status?: number;
      /** As the endpoint asked, uncapped. */
      readonly retryAfterMs?: number;
      /** For people; holds no credential. */
      readonly message: string;
      /** Tokens that were used although there is no answer; absent where nobody knows. */
      readonly usage?: ModelUsage;
    };

/** What the portable layers need of an `AbortSignal`. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface Transport {
  readonly provider: string;
  /** Who pays: the owner of a key, the user's subscription, or a cloud account. */
  readonly billing: 'key' | 'subscription' | 'cloud';
  /** It takes no `tools` and no `turns`, and looks around in `folder` by itself. */
  readonly hasOwnTools?: boolean;
  /** Never rejects and retries nothing. */
  send(request: ModelRequest, signal: AbortSignalLike): Promise<ModelReply>;
  /** Id of the newest Opus that the endpoint lists, undefined when it cannot tell. */
  newestModel?(signal: AbortSignalLike): Promise<string | undefined>;
}
