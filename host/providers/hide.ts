/** Takes credentials out of text for people: errors of an endpoint or of a library may quote them. */
import type { Environment } from '../config.ts';

/** Variables whose value opens something. */
const SECRET_VARIABLES: readonly string[] = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_FOUNDRY_API_KEY',
  'ANTHROPIC_AWS_API_KEY',
  'AWS_BEARER_TOKEN_BEDROCK',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
];

/** Variables with an address that may hold a user and a password. */
const ADDRESS_VARIABLES: readonly string[] = [
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_BEDROCK_BASE_URL',
  'ANTHROPIC_VERTEX_BASE_URL',
  'ANTHROPIC_FOUNDRY_BASE_URL',
  'ANTHROPIC_AWS_BASE_URL',
  'ANTHROPIC_BEDROCK_MANTLE_BASE_URL',
];

/** Characters of a message that are kept. */
const MAX_MESSAGE = 400;
/** Shorter values are words that occur anywhere, not secrets. */
const MIN_SECRET = 6;

/** `env` with the custom headers as parsed. */
export function secretsOf(
  env: Environment,
  headers: Readonly<Record<string, string>>,
): readonly string[] {
  const values = SECRET_VARIABLES.map((name) => env[name] ?? '');
  for (const value of Object.values(headers)) {
    // `Bearer x` is quoted without its scheme too.
    values.push(value, value.slice(value.indexOf(' ') + 1));
  }
  for (const name of ADDRESS_VARIABLES) {
    const value = env[name] ?? '';
    if (!URL.canParse(value)) continue;
    const { username, password } = new URL(value);
    for (const part of [username, password]) values.push(part, decodeOr(part));
  }
  return [...new Set(values.filter((value) => value.length >= MIN_SECRET))].sort(
    (a, b) => b.length - a.length,
  );
}

/** One line without control characters and without any of `secrets`, cut to a length for people. */
export function hide(text: string, secrets: readonly string[]): string {
  let line = text.slice(0, 16 * MAX_MESSAGE);
  for (const secret of secrets) line = line.replaceAll(secret, '[hidden]');
  line = line
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/\b(?:sk-ant-|Bearer |Basic )[\w.~+/=-]{6,}/g, '[hidden]')
    .trim();
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line;
}

function decodeOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
