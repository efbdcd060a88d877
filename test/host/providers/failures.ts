/** Every way in which a request fails, and the reply that each of them is. */
import type { FailureClass } from '../../../orchestrator/transport.ts';
import type { ProviderName } from '../../../host/providers/provider.ts';
import type { Act } from '../../support/api/acts.ts';
import { NOW } from './world.ts';

export interface FailureCase {
  readonly name: string;
  readonly act: (provider: ProviderName) => Act;
  readonly failure: FailureClass;
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** `none`: the reply says that nothing was used; `all`: what the stand-in claims. Absent: nobody knows. */
  readonly usage?: 'none' | 'all';
}

function status(
  code: number,
  type: string,
  failure: FailureClass,
  more: { readonly message?: string; readonly name?: string } = {},
): FailureCase {
  const { message, name = `${code}` } = more;
  const act: Act = { kind: 'error', status: code, type, ...(message ? { message } : {}) };
  return { name, act: () => act, failure, status: code, usage: 'none' };
}

function limited(name: string, retryAfter: string, retryAfterMs: number | undefined): FailureCase {
  const act: Act = { kind: 'error', status: 429, type: 'rate_limit_error', retryAfter };
  return {
    name: `429, retry-after ${name}`,
    act: () => act,
    failure: 'rate-limit',
    status: 429,
    usage: 'none',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** An event inside a stream, by the name that the provider gives it. */
function event(type: string, onBedrock: string, failure: FailureClass): FailureCase {
  return {
    name: `${type} inside the stream`,
    act: (provider) => ({
      kind: 'error-event',
      type: provider === 'bedrock' ? onBedrock : type,
      message: 'played',
    }),
    failure,
  };
}

function plain(
  name: string,
  act: Act,
  failure: FailureClass,
  more: Partial<FailureCase> = {},
): FailureCase {
  return { name, act: () => act, failure, ...more };
}

/** Failures that the endpoint itself ends; silence and refused connections have tests of their own. */
export const FAILURES: readonly FailureCase[] = [
  status(401, 'authentication_error', 'auth'),
  status(402, 'billing_error', 'auth'),
  status(403, 'permission_error', 'auth'),
  status(400, 'invalid_request_error', 'auth', {
    name: '400, no credit',
    message: 'Your credit balance is too low to access the API.',
  }),
  status(400, 'invalid_request_error', 'bad-request', { message: 'effort: not supported' }),
  status(422, 'invalid_request_error', 'bad-request'),
  status(400, 'invalid_request_error', 'too-large', {
    name: '400, context length',
    message: 'prompt is too long: 1000001 tokens > 1000000 maximum',
  }),
  status(413, 'request_too_large', 'too-large'),
  status(404, 'not_found_error', 'unknown-model', { message: 'model: claude-opus-9' }),
  status(410, 'gone', 'unknown-model'),
  status(400, 'ValidationException', 'unknown-model', {
    name: '400, unknown model',
    message: 'The provided model identifier is invalid.',
  }),
  status(403, 'AccessDeniedException', 'unknown-model', {
    name: '403, no access to the model',
    message: "You don't have access to the model with the specified model ID.",
  }),
  status(408, 'timeout_error', 'timeout'),
  status(429, 'rate_limit_error', 'rate-limit'),
  limited('in seconds', '7', 7000),
  limited('as a date', new Date(NOW + 90_000).toUTCString(), 90_000),
  limited('in the past', new Date(NOW - 90_000).toUTCString(), 0),
  limited('of a year', '31536000', 31_536_000_000),
  limited('of nonsense', 'soon', undefined),
  status(500, 'api_error', 'server'),
  status(502, 'api_error', 'server'),
  status(503, 'api_error', 'overloaded'),
  status(504, 'api_error', 'server'),
  status(529, 'overloaded_error', 'overloaded'),
  plain('a page with 200', { kind: 'page', status: 200 }, 'not-json', { status: 200 }),
  plain('a page with 502', { kind: 'page', status: 502 }, 'server', { status: 502, usage: 'none' }),
  plain('a page with 404', { kind: 'page', status: 404 }, 'bad-request', {
    status: 404,
    usage: 'none',
  }),
  plain('a page with 403', { kind: 'page', status: 403 }, 'auth', { status: 403, usage: 'none' }),
  plain('a redirect', { kind: 'redirect', location: 'http://192.0.2.1/elsewhere' }, 'bad-request', {
    status: 307,
    usage: 'none',
  }),
  plain('a reset', { kind: 'reset' }, 'network'),
  plain('a stream that ends early', { kind: 'truncate', how: 'end' }, 'network'),
  plain('a stream that is cut', { kind: 'truncate', how: 'cut' }, 'network'),
  event('overloaded_error', 'serviceUnavailableException', 'overloaded'),
  event('rate_limit_error', 'throttlingException', 'rate-limit'),
  event('api_error', 'internalServerException', 'server'),
  event('invalid_request_error', 'validationException', 'bad-request'),
  plain(
    'a refusal',
    { kind: 'message', text: '', stopReason: 'refusal', category: 'cyber' },
    'refusal',
    { usage: 'all' },
  ),
  plain('max_tokens', { kind: 'message', text: '{"fin', stopReason: 'max_tokens' }, 'truncated', {
    usage: 'all',
  }),
  plain('an answer that is no JSON', { kind: 'message', text: 'All is well.' }, 'schema', {
    usage: 'all',
  }),
  plain('a tool that nobody offered', { kind: 'tool', name: 'x', input: {} }, 'schema', {
    usage: 'all',
  }),
];
