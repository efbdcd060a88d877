/** The input of a tool call, which no endpoint is trusted to have held to its schema. */

export interface Field {
  readonly type: 'string' | 'integer';
  readonly required: boolean;
  /** Most characters, or the largest number. */
  readonly max: number;
}

export type Fields = Readonly<Record<string, Field>>;

export type ToolInput =
  | {
      readonly ok: true;
      readonly text: (name: string) => string | undefined;
      readonly number: (name: string) => number | undefined;
    }
  | { readonly ok: false; readonly reason: string };

/** Exactly the fields of `fields`; numbers are whole and at least 1. */
export function readInput(input: unknown, fields: Fields): ToolInput {
  const expected = Object.keys(fields).join(', ');
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return { ok: false, reason: `the input is no JSON object; expected one with ${expected}` };
  const values = new Map<string, unknown>(Object.entries(input));
  for (const name of values.keys())
    if (!Object.hasOwn(fields, name))
      return { ok: false, reason: `${shown(name)} is no input; expected ${expected}` };
  for (const [name, field] of Object.entries(fields)) {
    const problem = problemOf(values.get(name), field);
    if (problem !== undefined) return { ok: false, reason: `${name} ${problem}` };
  }
  return {
    ok: true,
    text: (name) => {
      const value = values.get(name);
      return typeof value === 'string' ? value : undefined;
    },
    number: (name) => {
      const value = values.get(name);
      return typeof value === 'number' ? value : undefined;
    },
  };
}

function problemOf(value: unknown, { type, required, max }: Field): string | undefined {
  if (value === undefined) return required ? 'is missing' : undefined;
  if (type === 'string') {
    if (typeof value !== 'string') return `is ${shown(value)}, expected a text`;
    if (required && value === '') return 'is empty';
    return value.length > max ? `is longer than ${max} characters` : undefined;
  }
  const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 1;
  if (!isCount) return `is ${shown(value)}, expected a whole number of at least 1`;
  return value > max ? `is ${value}, expected at most ${max}` : undefined;
}

function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object';
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}

/** As JSON schema for the model. */
export function inputSchema(
  fields: Fields,
  descriptions: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const properties = Object.entries(fields).map(([name, { type }]) => [
    name,
    { type, description: descriptions[name] ?? '' },
  ]);
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.entries(fields).flatMap(([name, { required }]) => (required ? [name] : [])),
    properties: Object.fromEntries(properties),
  };
}
