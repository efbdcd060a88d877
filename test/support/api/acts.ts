/** What the stand-in does with a request that it would take. */

export type Act =
  /** A complete message. */
  | {
      readonly kind: 'message';
      readonly text: string;
      readonly stopReason?: string;
      /** Category of a refusal. */
      readonly category?: string;
      /** An answer in one piece, although a stream was asked for. */
      readonly whole?: boolean;
    }
  /** A call of a tool, which is how Claude Code asks for structured output. */
  | {
      readonly kind: 'tool';
      readonly name: string;
      readonly input: Readonly<Record<string, unknown>>;
    }
  /** A turn with calls of tools, each with an id of its own, and with thinking and words in front. */
  | {
      readonly kind: 'calls';
      readonly calls: readonly {
        readonly name: string;
        readonly input: unknown;
        readonly id?: string;
      }[];
      readonly thinking?: string;
      readonly text?: string;
      readonly whole?: boolean;
    }
  /** An error answer. `retryAfter` is the header as it is sent. */
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly type: string;
      readonly message?: string;
      readonly retryAfter?: string;
    }
  /** A page for people, as a proxy in between sends it. */
  | { readonly kind: 'page'; readonly status: number }
  | { readonly kind: 'redirect'; readonly location: string }
  /** The connection is cut before any answer. */
  | { readonly kind: 'reset' }
  /** Nothing ever comes. */
  | { readonly kind: 'hang' }
  /** Half of a message, or the head of the response alone, then silence. */
  | { readonly kind: 'stall'; readonly after?: 'half' | 'head' }
  /** Half of a message, then a proper end of the response (`end`) or of the connection (`cut`). */
  | { readonly kind: 'truncate'; readonly how: 'end' | 'cut' }
  /** Half of a message, then an error event. */
  | { readonly kind: 'error-event'; readonly type: string; readonly message: string }
  /** A stream that does not hold what streams hold. */
  | { readonly kind: 'garbage' }
  /** A good stream, one piece of `bytes` bytes every `ms`. */
  | { readonly kind: 'drip'; readonly text: string; readonly bytes: number; readonly ms: number };

/** An answer that every schema of a list of findings takes. */
export const CLEAN: Act = { kind: 'message', text: '{"findings":[]}' };
