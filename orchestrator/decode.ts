/** Reads JSON that a model wrote: no endpoint is trusted to have applied a schema. */

export type Decoded<Value> =
  | { readonly ok: true; readonly value: Value }
  /** `reason` has the JSON path, what was there and what was expected. */
  | { readonly ok: false; readonly reason: string };

/** UTF-16 units of a text field. */
const MAX_TEXT = 4000;

/** Text to what `read` makes of it; a `Mismatch` that it throws is the reason. */
export function decodeJson<Value>(text: string, read: (value: unknown) => Value): Decoded<Value> {
  let value: unknown;
  try {
    value = JSON.parse(unfenced(text));
  } catch {
    return { ok: false, reason: `$: got ${shown(text)}, expected JSON` };
  }
  try {
    return { ok: true, value: read(value) };
  } catch (error) {
    if (error instanceof Mismatch) return { ok: false, reason: error.message };
    throw error;
  }
}

/** Carries the path out of nested readers, as far as `decodeJson`. */
export class Mismatch extends Error {
  constructor(path: string, got: unknown, expected: string) {
    super(`${path}: got ${shown(got)}, expected ${expected}`);
  }
}

/** A list of at most `most`, each read with its path. */
export function list<Item>(
  value: unknown,
  path: string,
  most: number,
  read: (item: unknown, path: string) => Item,
): Item[] {
  if (!Array.isArray(value)) throw new Mismatch(path, value, 'a list');
  if (value.length > most)
    throw new Mismatch(
      path,
      value.length,
      `at most ${most} ${path.slice(path.lastIndexOf('.') + 1)}`,
    );
  return value.map((item, index) => read(item, `${path}[${index}]`));
}

/** A text of at least `least` characters that are no white space at the ends. */
export function text(value: unknown, path: string, least = 1): string {
  if (typeof value !== 'string') throw new Mismatch(path, value, 'a string');
  if (value.trim().length < least) throw new Mismatch(path, value, 'some text');
  if (value.length > MAX_TEXT) throw new Mismatch(path, value, `at most ${MAX_TEXT} characters`);
  return value;
}

/** An object with exactly these keys, and maybe with those of `optional`. */
export function record(
  value: unknown,
  path: string,
  keys: readonly string[],
  optional: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Mismatch(path, value, 'an object');
  for (const key of keys)
    if (!Object.hasOwn(value, key))
      throw new Mismatch(`${path}.${key}`, undefined, 'this property');
  for (const key of Object.keys(value))
    if (!keys.includes(key) && !optional.includes(key))
      throw new Mismatch(path, key, `no property beyond ${keys.join(', ')}`);
  return value as Readonly<Record<string, unknown>>;
}

export function oneOf<T extends string>(value: unknown, path: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new Mismatch(path, value, `one of ${allowed.join(', ')}`);
  return found;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  // Not written out: a deeply nested one could not be.
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Some endpoints wrap an answer in a code fence, whatever the schema says. */
function unfenced(text: string): string {
  const body = text.trim();
  if (!body.startsWith('```') || !body.endsWith('```') || body.length < 6) return body;
  const line = body.indexOf('\n');
  return line < 0 ? body : body.slice(line + 1, -3);
}
