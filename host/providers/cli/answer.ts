/** Reads the result that `claude --output-format json` prints. An API error is a "success" there. */
import type { FailureClass, ModelReply } from '../../../orchestrator/transport.ts';
import { classifyStatus, objectOf, parseJson } from '../classify.ts';
import { NO_USAGE, failure } from '../failure.ts';
import { usageOf } from '../read-message.ts';

/** `stdout` as a whole; `model` is what was asked for. */
export function readResult(stdout: string, model: string): ModelReply {
  const result = resultOf(stdout);
  if (result === undefined) {
    return failure('not-json', `claude printed no result: ${stdout.slice(0, 80)}`);
  }
  const usage = usageOf(result['usage'], undefined);
  const words = wordsOf(result);
  if (result['is_error'] === true || result['subtype'] !== 'success') {
    const status = result['api_error_status'];
    const more = { status: typeof status === 'number' ? status : undefined, usage };
    return failure(classOf(result, words), words, more);
  }
  // A model that wrote its answer instead of handing it in has answered all the same.
  const written = typeof result['result'] === 'string' ? parseJson(result['result']) : undefined;
  const answer = objectOf(result['structured_output']) ?? objectOf(written);
  if (answer === undefined) {
    return failure('schema', 'claude gave an answer without the asked structure', { usage });
  }
  return {
    kind: 'answer',
    text: JSON.stringify(answer),
    usage: usage ?? NO_USAGE,
    model: modelOf(result) ?? model,
  };
}

/** The result is one object, or the last of a list with `--verbose`. */
function resultOf(stdout: string): Readonly<Record<string, unknown>> | undefined {
  const value = parseJson(stdout);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map(objectOf).findLast((entry) => entry?.['type'] === 'result');
}

function wordsOf(result: Readonly<Record<string, unknown>>): string {
  const errors: readonly unknown[] = Array.isArray(result['errors']) ? result['errors'] : [];
  const text =
    typeof result['result'] === 'string' ? result['result'] : errors.map(String).join('; ');
  return `claude: ${text === '' ? String(result['subtype']) : text}`;
}

function classOf(result: Readonly<Record<string, unknown>>, words: string): FailureClass {
  const named =
    NAMES.get(word(result['subtype'])) ??
    NAMES.get(word(result['terminal_reason'])) ??
    NAMES.get(word(result['api_error']));
  if (named !== undefined) return named;
  // The program asks another model by itself when one declines; what that ends with says nothing more.
  if (Number(result['safety_stops'] ?? 0) > 0) return 'refusal';
  const status = result['api_error_status'];
  const type = word(result['api_error_type']);
  if (typeof status === 'number')
    return classifyStatus(status, { type, message: words, json: true });
  return WORDS.find(([pattern]) => pattern.test(words.slice(0, 2000)))?.[1] ?? 'server';
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The program's own names for ends. */
const NAMES: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  ['error_max_structured_output_retries', 'schema'],
  // More than any review costs: as with a prompt that is too long, half of it may do.
  ['error_max_budget_usd', 'too-large'],
  ['prompt_too_long', 'too-large'],
  ['max_output_tokens', 'truncated'],
  ['connection_failed', 'network'],
]);

/** The program's words for what has no name and no status. */
const WORDS: readonly (readonly [RegExp, FailureClass])[] = [
  [/not logged in|please run \/login|invalid api key|oauth|credential|authenticat/i, 'auth'],
  [/usage limit|rate limit|limit reached|hit your limit/i, 'rate-limit'],
  [/overloaded/i, 'overloaded'],
  [/prompt is too long/i, 'too-large'],
  [/issue with the selected model/i, 'unknown-model'],
  [/unable to respond|usage policy|safeguard/i, 'refusal'],
  [
    /without receiving any events|malformed response|JSON Parse error|Unexpected token/i,
    'not-json',
  ],
  [/timed? ?out/i, 'timeout'],
  [/connect|network|fetch failed|socket|econn|enotfound|certificate/i, 'network'],
];

function modelOf(result: Readonly<Record<string, unknown>>): string | undefined {
  const used = Object.entries(objectOf(result['modelUsage']) ?? {}).map(
    ([name, usage]) => [name, Number(objectOf(usage)?.['outputTokens'] ?? 0)] as const,
  );
  // Titles and the like go to a small model.
  return used.sort((a, b) => b[1] - a[1])[0]?.[0];
}
