/** What structured outputs refuse in a JSON schema. */
import { asList, asRecord } from './values.ts';

/** Keywords that are rejected, because the grammar cannot hold the model to them. */
const UNSUPPORTED = ['minimum', 'maximum', 'minLength', 'maxLength', 'multipleOf', 'maxItems'];

/** Why the schema at `at` is refused, undefined for a good one. */
export function schemaProblem(value: unknown, at: string): string | undefined {
  const schema = asRecord(value);
  if (schema === undefined) return `${at}: Input should be an object`;
  const unsupported = UNSUPPORTED.find((name) => schema[name] !== undefined);
  if (unsupported !== undefined) return `${at}: '${unsupported}' is not supported`;
  const types = asList(schema['type']) ?? [schema['type']];
  if (types.includes('object') && schema['additionalProperties'] !== false) {
    return `${at}: For 'object' type, 'additionalProperties' must be explicitly set to false`;
  }
  const properties = asRecord(schema['properties']) ?? {};
  for (const [name, property] of Object.entries(properties)) {
    const problem = schemaProblem(property, `${at}.properties.${name}`);
    if (problem !== undefined) return problem;
  }
  const nested = [
    ...(schema['items'] === undefined ? [] : [schema['items']]),
    ...(asList(schema['anyOf']) ?? []),
    ...Object.values(asRecord(schema['$defs']) ?? {}),
  ];
  for (const inner of nested) {
    const problem = schemaProblem(inner, at);
    if (problem !== undefined) return problem;
  }
  const required = asList(schema['required']) ?? [];
  const absent = required.find((name) => typeof name !== 'string' || !(name in properties));
  return absent === undefined
    ? undefined
    : `${at}: required property ${JSON.stringify(absent)} is not defined`;
}
