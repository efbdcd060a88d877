/**
 * The Messages API through any of Anthropic's clients: one streamed request, watched for silence, every end
 * of it a reply. The clients differ in address, authentication and wire shape, which is theirs to know.
 */
import type { BaseAnthropic } from '@anthropic-ai/sdk/client';
import { APIConnectionError, APIError } from '@anthropic-ai/sdk/error';
import { Stream } from '@anthropic-ai/sdk/streaming';
import type {
  AbortSignalLike,
  FailureClass,
  ModelReply,
  ModelRequest,
  Transport,
} from '../../orchestrator/transport.ts';
import { classifyStatus, readErrorBody } from './classify.ts';
import { NO_USAGE, failure } from './failure.ts';
import { hide } from './hide.ts';
import { bodyOf } from './messages-body.ts';
import { newestOpus } from './newest.ts';
import type { ProviderChoice, Timing } from './provider.ts';
import { readStream, readWhole } from './read-message.ts';
import { retryAfterMs } from './retry-after.ts';

/** Silence inside a stream after which it is given up. Pings count as sound. */
const STALL_MS = 20_000;
/** Wait for the first byte; a gateway that buffers whole answers needs most of it. */
const HEADERS_MS = 60_000;
/** The list of models is a convenience and not worth a wait. */
const LIST_MS = 5000;

export interface MessagesOptions {
  readonly client: BaseAnthropic;
  readonly choice: ProviderChoice;
  readonly timing: Timing;
  readonly secrets: readonly string[];
  /** Example of a model id in the form of this provider, for the message about an unknown one. */
  readonly modelForm: string;
  readonly listsModels: boolean;
}

export function messagesTransport(options: MessagesOptions): Transport {
  const { choice, secrets } = options;
  const send = async (request: ModelRequest, signal: AbortSignalLike): Promise<ModelReply> => {
    const watch = startWatch(options.timing, signal);
    try {
      // A client may wait for credentials without looking at its signal: the watch ends that too.
      const reply = allowed(
        request,
        await Promise.race([watch.ended, exchange(options, request, watch)]),
      );
      return reply.kind === 'failure' ? { ...reply, message: hide(reply.message, secrets) } : reply;
    } finally {
      watch.stop();
    }
  };
  return {
    provider: choice.provider,
    billing: choice.billing,
    send,
    ...(options.listsModels ? { newestModel: (signal) => newestModel(options, signal) } : {}),
  };
}

/** A turn of calls is no answer where none may be made. */
function allowed({ tools, mayCallTools }: ModelRequest, reply: ModelReply): ModelReply {
  if (reply.kind !== 'calls' || (tools !== undefined && mayCallTools !== false)) return reply;
  return failure('schema', 'got calls of tools, expected an answer', { usage: reply.usage });
}

async function newestModel(
  { client, timing }: MessagesOptions,
  signal: AbortSignalLike,
): Promise<string | undefined> {
  const watch = startWatch(timing, signal);
  watch.expect(LIST_MS, 'timeout', 'no list of models in time');
  const list = async (): Promise<string | undefined> => {
    const path = '/v1/models?limit=1000';
    const response = await client.get(path, { signal: watch.signal, maxRetries: 0 }).asResponse();
    return newestOpus(await response.text());
  };
  try {
    return await Promise.race([watch.ended.then(() => undefined), list()]);
  } catch {
    return undefined;
  } finally {
    watch.stop();
  }
}

async function exchange(
  options: MessagesOptions,
  request: ModelRequest,
  watch: Watch,
): Promise<ModelReply> {
  const { client, timing } = options;
  watch.expect(HEADERS_MS, 'timeout', `no answer for ${HEADERS_MS / 1000} s`);
  try {
    const response = await client
      .post('/v1/messages', {
        body: bodyOf(request),
        stream: true,
        signal: watch.signal,
        maxRetries: 0,
        timeout: 2 * HEADERS_MS,
      })
      .asResponse();
    const stalled = (): void =>
      watch.expect(STALL_MS, 'stall', `no event of the stream for ${STALL_MS / 1000} s`);
    stalled();
    const type = response.headers.get('content-type') ?? '';
    if (type.includes('text/html')) {
      return failure('not-json', 'the endpoint answered with a web page', {
        status: response.status,
      });
    }
    if (type.includes('application/json')) return readWhole(await response.text());
    const controller = new AbortController();
    return await readStream(Stream.rawEvents(response, controller), stalled);
  } catch (error) {
    return fromError(error, options, request, timing.now());
  }
}

function fromError(
  error: unknown,
  { choice, modelForm }: MessagesOptions,
  { model }: ModelRequest,
  now: number,
): ModelReply {
  if (error instanceof APIError && error.status !== undefined) {
    const { status, headers } = error;
    const text = error.error === undefined ? textOf(error) : JSON.stringify(error.error);
    const body = readErrorBody(text, headers?.get('x-amzn-errortype') ?? null);
    const failed = classifyStatus(status, body);
    const words = body.type === '' ? body.message : `${body.type}: ${body.message}`;
    const more = {
      status,
      usage: NO_USAGE,
      retryAfterMs: headers === undefined ? undefined : retryAfterMs(headers, now),
    };
    if (failed === 'unknown-model') {
      const hint = `${choice.provider} does not serve the model "${model}" (${words}); SECURITY_REVIEW_MODEL takes ids like ${modelForm}`;
      return failure(failed, hint, more);
    }
    return failure(failed, `${choice.provider} answered ${status}: ${words}`, more);
  }
  const words = chain(error);
  if (error instanceof APIConnectionError) {
    if (/credentials/i.test(error.message)) return failure('auth', words, { usage: NO_USAGE });
    // A connection that broke later may have been answered, and billed, on the other side.
    const usage = NEVER_CONNECTED.test(words) ? NO_USAGE : undefined;
    return failure('network', `${choice.provider} cannot be reached: ${words}`, { usage });
  }
  // Thrown before anything was sent: no region, no project, a header that cannot be one.
  const message = `the settings of ${choice.provider} are incomplete: ${words}`;
  return failure('auth', message, { usage: NO_USAGE });
}

const NEVER_CONNECTED =
  /\((?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)\)/;

/** The body of an error that was no JSON is behind its status in the message. */
function textOf(error: APIError): string {
  return error.message.replace(/^\d+ /, '');
}

/** The words of an error and of those that caused it, without the ones that say nothing. */
function chain(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error && parts.length < 4; at = at.cause) {
    const code = 'code' in at && typeof at.code === 'string' ? ` (${at.code})` : '';
    const words = `${at.message || at.name}${code}`;
    if (at.cause !== undefined && /^(?:Connection error\.|fetch failed)$/.test(words)) continue;
    if (!parts.includes(words)) parts.push(words);
  }
  return parts.length === 0 ? String(error) : parts.join(': ');
}

/** Ends a request from outside: the caller's signal, or silence. */
interface Watch {
  readonly signal: AbortSignal;
  /** Settles with the failure when the watch, and not the endpoint, ends the request. */
  readonly ended: Promise<ModelReply>;
  /** Starts the wait afresh. */
  expect(ms: number, failed: FailureClass, message: string): void;
  stop(): void;
}

function startWatch(timing: Timing, outer: AbortSignalLike): Watch {
  const controller = new AbortController();
  const { promise, resolve } = withResolvers<ModelReply>();
  let cancel: () => void = () => undefined;
  const end = (failed: FailureClass, message: string): void => {
    resolve(failure(failed, message));
    controller.abort();
  };
  const cancelled = (): void => end('cancelled', 'the request was cancelled');
  outer.addEventListener('abort', cancelled);
  if (outer.aborted) cancelled();
  return {
    signal: controller.signal,
    ended: promise,
    expect(ms, failed, message) {
      cancel();
      cancel = timing.after(ms, () => end(failed, message));
    },
    stop() {
      cancel();
      outer.removeEventListener('abort', cancelled);
      // A body that nobody reads any more keeps its connection otherwise.
      controller.abort();
    },
  };
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
