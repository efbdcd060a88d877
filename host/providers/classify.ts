/** Which failure a response or an error event is. Every provider has an error shape of its own. */
import type { FailureClass } from '../../orchestrator/transport.ts';

/** What an error body says, in whichever shape it came. */
export interface ErrorBody {
  /** `overloaded_error`, `ThrottlingException`, `NOT_FOUND`, `DeploymentNotFound`… Empty when unsaid. */
  readonly type: string;
  readonly message: string;
  /** False for a page or plain text. */
  readonly json: boolean;
}

/** Reads Anthropic's, Amazon's, Google's and Azure's error bodies. */
export function readErrorBody(text: string, headerType: string | null): ErrorBody {
  const outer = objectOf(parseJson(text));
  const type = (headerType ?? '').split(/[:#]/)[0] ?? '';
  if (outer === undefined) return { type, message: firstWords(text), json: false };
  const inner = objectOf(outer['error']) ?? outer;
  const named = [inner['type'], inner['status'], inner['code'], outer['__type']].find(
    (value) => typeof value === 'string' && value !== 'error',
  );
  const message = [inner['message'], inner['Message'], outer['message'], outer['error']].find(
    (value) => typeof value === 'string',
  );
  return {
    type: typeof named === 'string' ? named : type,
    message: typeof message === 'string' ? message : firstWords(text),
    json: true,
  };
}

const TOO_LONG =
  /prompt is too long|context (?:window|length|limit)|input is too long|too many (?:input )?tokens|exceeds? the maximum (?:size|number of tokens)|request_too_large/i;
const UNKNOWN_MODEL =
  /model identifier is invalid|unknown model|model[^.]{0,80}(?:not found|does ?n[o']t exist|is not available|not supported|has been retired|end of (?:its )?life|is retired)|on-demand throughput|access to the model/i;
const NO_MONEY = /credit balance|billing|payment required/i;

/** Class of an HTTP response that is no success. */
export function classifyStatus(status: number, body: ErrorBody): FailureClass {
  const { message, type, json } = body;
  switch (status) {
    case 401:
    case 402:
      return 'auth';
    case 403:
      return UNKNOWN_MODEL.test(message) ? 'unknown-model' : 'auth';
    case 404:
    case 410:
      // A page instead of JSON: there is no such interface at the address at all.
      return json ? 'unknown-model' : 'bad-request';
    case 408:
      return 'timeout';
    case 413:
      return 'too-large';
    case 429:
      return 'rate-limit';
    case 503:
    case 529:
      return 'overloaded';
  }
  if (status >= 500) return type === 'overloaded_error' ? 'overloaded' : 'server';
  if (status === 424) return 'server';
  if (status === 400 || status === 422) {
    if (TOO_LONG.test(message)) return 'too-large';
    if (UNKNOWN_MODEL.test(message)) return 'unknown-model';
    if (NO_MONEY.test(message)) return 'auth';
  }
  return 'bad-request';
}

const EVENT_TYPES: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  ['authentication_error', 'auth'],
  ['permission_error', 'auth'],
  ['billing_error', 'auth'],
  ['accessdeniedexception', 'auth'],
  ['rate_limit_error', 'rate-limit'],
  ['throttlingexception', 'rate-limit'],
  ['overloaded_error', 'overloaded'],
  ['serviceunavailableexception', 'overloaded'],
  ['request_too_large', 'too-large'],
  ['not_found_error', 'unknown-model'],
  ['resourcenotfoundexception', 'unknown-model'],
  ['timeout_error', 'timeout'],
  ['modeltimeoutexception', 'timeout'],
]);

/** Class of an error event inside a stream that began well. */
export function classifyEvent(body: ErrorBody): FailureClass {
  const known = EVENT_TYPES.get(body.type.toLowerCase());
  if (known !== undefined) return known;
  if (/^(?:invalid_request_error|validationexception)$/i.test(body.type)) {
    return classifyStatus(400, body);
  }
  return 'server';
}

export function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ...value }
    : undefined;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstWords(text: string): string {
  const line = text.slice(0, 2000).replaceAll(/\s+/g, ' ').trim();
  if (/^<(?:!doctype|html|\?xml)/i.test(line)) return 'a web page instead of an API answer';
  return line === '' ? 'an empty answer' : line.slice(0, 200);
}
