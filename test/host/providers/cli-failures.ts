/** What the user's own program prints when there is no answer, and the failure that each of them is. */
import type { FailureClass } from '../../../orchestrator/transport.ts';
import { SUCCESS } from './fake-cli.ts';

const broken = (more: object): object => ({ ...SUCCESS, is_error: true, result: 'said', ...more });
const api = (api_error_status: number, result: string): object =>
  broken({ api_error_status, result: `API Error: ${result}`, terminal_reason: 'api_error' });

/** Name, result, failure and HTTP status. */
export const CLI_FAILURES: readonly (readonly [
  string,
  object,
  FailureClass,
  number | undefined,
])[] = [
  ['401', api(401, 'Failed to authenticate'), 'auth', 401],
  ['403', api(403, 'Failed to authenticate'), 'auth', 403],
  ['404', api(404, "There's an issue with the selected model (x)"), 'unknown-model', 404],
  ['400', api(400, '400 bad'), 'bad-request', 400],
  ['413', api(413, 'Request too large'), 'too-large', 413],
  ['429', api(429, 'limited'), 'rate-limit', 429],
  ['500', api(500, 'server'), 'server', 500],
  ['529', api(529, 'overloaded'), 'overloaded', 529],
  [
    'context length',
    broken({ terminal_reason: 'prompt_too_long', api_error_status: 400 }),
    'too-large',
    400,
  ],
  ['max_tokens', broken({ api_error: 'max_output_tokens' }), 'truncated', undefined],
  ['a reset', broken({ api_error: 'connection_failed' }), 'network', undefined],
  ['a refusal', broken({ safety_stops: 2, api_error_status: 404 }), 'refusal', 404],
  ['not logged in', broken({ result: 'Not logged in · Please run /login' }), 'auth', undefined],
  [
    'the limit of the plan',
    broken({ result: 'Claude usage limit reached' }),
    'rate-limit',
    undefined,
  ],
  [
    'a page',
    broken({ result: 'Stream ended without receiving any events' }),
    'not-json',
    undefined,
  ],
  ['something new', broken({ result: 'never heard of' }), 'server', undefined],
  [
    'the wrong schema',
    broken({ subtype: 'error_max_structured_output_retries' }),
    'schema',
    undefined,
  ],
  ['the budget of a call', broken({ subtype: 'error_max_budget_usd' }), 'too-large', undefined],
  [
    'no structure',
    { ...SUCCESS, structured_output: undefined, result: 'fine' },
    'schema',
    undefined,
  ],
];
