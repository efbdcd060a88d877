/**
 * The body of an edit request: settings of the client as `NAME=value` with a NUL behind each, one more NUL,
 * then what the host wrote to the hook's stdin. No value can pass for another, whatever is in it.
 */
import type { Environment } from '../config.ts';

export type RequestBody =
  | { readonly kind: 'edit'; readonly settings: Environment; readonly payload: Buffer }
  | { readonly kind: 'malformed'; readonly reason: string };

/** Paths are at most 4 KiB each, and there are about a dozen settings. */
const MAX_SETTINGS_BYTES = 128 * 1024;
const MAX_SETTINGS = 64;

/** Encodes as `hooks/run.sh` does. */
export function encodeRequestBody(settings: Environment, payload: Uint8Array): Buffer {
  const rows = Object.entries(settings).map(([name, value = '']) => `${name}=${value}\0`);
  return Buffer.concat([Buffer.from(`${rows.join('')}\0`), payload]);
}

/** `payload` is a view of `body`. */
export function decodeRequestBody(body: Buffer): RequestBody {
  const settings: Record<string, string> = Object.create(null) as Record<string, string>;
  let from = 0;
  for (let count = 0; ; count++) {
    const end = body.indexOf(0, from);
    if (end < 0 || end > MAX_SETTINGS_BYTES || count > MAX_SETTINGS)
      return malformed(`the settings do not end within ${MAX_SETTINGS_BYTES} bytes`);
    if (end === from) return { kind: 'edit', settings, payload: body.subarray(from + 1) };
    const row = body.toString('utf8', from, end);
    const equals = row.indexOf('=');
    if (equals <= 0) return malformed('a setting is not NAME=value');
    const name = row.slice(0, equals);
    if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(name)) return malformed('a setting has no valid name');
    settings[name] = row.slice(equals + 1);
    from = end + 1;
  }
}

function malformed(reason: string): RequestBody {
  return { kind: 'malformed', reason };
}
