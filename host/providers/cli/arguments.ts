/** How the user's `claude` is started: one answer, nothing of theirs or of a project loaded. */
import type { ModelRequest } from '../../../orchestrator/transport.ts';
import type { Environment } from '../../config.ts';
import { trustedPath } from './find-program.ts';
import { INSIDE_REVIEW } from '../select.ts';

/** Bytes of an argument; Linux takes 128 KiB of each. */
const MAX_ARGUMENT = 120_000;
/** A review costs cents, an investigation more. This is where the program stops if something runs away. */
const MAX_USD = '2';
const MAX_USD_WITH_TOOLS = '5';
/** `--restricted` holds them to the working directory. */
const TOOLS = 'Read,Grep,Glob';

/** Arguments for `request`, whose prompt goes to stdin. Undefined when a part of it is too long for one. */
export function cliArguments(request: ModelRequest): readonly string[] | undefined {
  const schema = JSON.stringify(request.schema);
  if ([schema, request.system].some((text) => Buffer.byteLength(text) > MAX_ARGUMENT)) {
    return undefined;
  }
  return [
    '--print',
    '--safe-mode',
    '--restricted',
    '--strict-mcp-config',
    '--setting-sources',
    '',
    '--permission-prompts',
    'none',
    '--tools',
    request.folder === undefined ? '' : TOOLS,
    '--no-session-persistence',
    '--output-format',
    'json',
    '--max-budget-usd',
    request.folder === undefined ? MAX_USD : MAX_USD_WITH_TOOLS,
    '--model',
    request.model,
    ...(request.effort === undefined ? [] : ['--effort', request.effort]),
    '--system-prompt',
    request.system,
    '--json-schema',
    schema,
  ];
}

/** Would make the child bill a key, ask a cloud, or take itself for a part of the session around it. */
const DROPPED =
  /^(?:ANTHROPIC_API_KEY|ANTHROPIC_AUTH_TOKEN|ANTHROPIC_MODEL|CLAUDECODE|CLAUDE_PID|CLAUDE_ENV_FILE|CLAUDE_PROJECT_DIR|CLAUDE_PLUGIN_.*|CLAUDE_CODE_USE_.*|CLAUDE_CODE_SESSION_.*|CLAUDE_CODE_ENTRYPOINT|CLAUDE_CODE_SSE_PORT|CLAUDE_CODE_SIMPLE|CLAUDE_AGENT_SDK_.*|.*_FILE_DESCRIPTOR|NODE_OPTIONS)$/;

/** Variables of the child; nothing that it looks for comes out of `untrusted` folders. */
export function cliEnvironment(
  env: Environment,
  untrusted: readonly string[],
  request: ModelRequest,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || DROPPED.test(name) || name.toUpperCase() === 'PATH') continue;
    kept[name] = name === 'ANTHROPIC_CUSTOM_HEADERS' ? withoutCredentials(value) : value;
  }
  return {
    ...kept,
    PATH: trustedPath(env, untrusted),
    [INSIDE_REVIEW]: '1',
    // For other plugins of this kind that the user may have.
    SECURITY_GUIDANCE_DISABLE: '1',
    CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(request.maxTokens),
    // Retries are the caller's.
    CLAUDE_CODE_MAX_RETRIES: '0',
    CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: '1',
    MAX_STRUCTURED_OUTPUT_RETRIES: '2',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  };
}

/** A gateway's routing headers stay; one that authenticates would bill a key. */
function withoutCredentials(headers: string): string {
  return headers
    .split('\n')
    .filter((line) => !/^\s*(?:authorization|x-api-key)\s*:/i.test(line))
    .join('\n');
}
