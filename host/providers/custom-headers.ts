/** Headers that the user adds to every request, in the format of `ANTHROPIC_CUSTOM_HEADERS`. */
import type { Environment } from '../config.ts';

/** One `Name: value` a line; a line without a colon says nothing. */
export function customHeaders(env: Environment): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const line of (env['ANTHROPIC_CUSTOM_HEADERS'] ?? '').split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  return headers;
}
