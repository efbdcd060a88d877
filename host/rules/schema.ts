/** The JSON Schema of rule files, made of the table of fields: what editors complete and check. */
import { NAMES, RULE_FIELDS, type FieldTable, type FieldType } from './fields.ts';

/** Name of the file that editors are pointed to. */
export const SCHEMA_FILE = 'rules.schema.json';

export type Schema = Readonly<Record<string, unknown>>;

/** A file of named patterns has no rule. */
const NAMES_ALONE: Schema = {
  type: 'object',
  properties: { define: {} },
  required: ['define'],
  maxProperties: 1,
};

/** Schema of a file in our format: a rule, a list of rules, a list under `rules:`, or named patterns. */
function ruleFileSchema(): Schema {
  const rule = { $ref: '#/definitions/rule' };
  const rules = { type: 'array', items: rule };
  const names = {
    type: 'object',
    properties: { define: schemaOf(NAMES) },
    additionalProperties: false,
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Rules of security-guidance',
    // An editor that is asked for `anyOf` alone would offer the fields of none.
    ...choose(
      { type: 'object', properties: { rules: {} }, required: ['rules'] },
      { type: 'object', properties: { rules, define: schemaOf(NAMES) } },
      choose({ type: 'array' }, rules, choose(NAMES_ALONE, names, rule)),
    ),
    definitions: { rule: mapping(RULE_FIELDS) },
  };
}

function choose(test: Schema, yes: Schema, no: Schema): Schema {
  return Object.fromEntries([
    ['if', test],
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    ['then', yes],
    ['else', no],
  ]);
}

/** As the file holds it. */
export function schemaText(): string {
  return `${JSON.stringify(ruleFileSchema(), null, 2)}\n`;
}

function mapping(fields: FieldTable): Schema {
  const entries = Object.entries(fields);
  return {
    type: 'object',
    properties: Object.fromEntries(
      entries.map(([name, { type, about }]) => [name, { description: about, ...schemaOf(type) }]),
    ),
    required: entries.flatMap(([name, { needed }]) => (needed === true ? [name] : [])),
    additionalProperties: false,
  };
}

function schemaOf(type: FieldType): Schema {
  switch (type.kind) {
    case 'text':
      return { type: 'string', ...(type.pattern === undefined ? TEXT : patternOf(type.pattern)) };
    case 'number':
    case 'integer':
      return {
        type: type.kind,
        ...(type.above === undefined ? {} : { exclusiveMinimum: type.above }),
        ...(type.min === undefined ? {} : { minimum: type.min }),
        ...(type.max === undefined ? {} : { maximum: type.max }),
      };
    case 'choice':
      return { enum: type.of };
    case 'texts': {
      const one: Schema =
        type.of === undefined
          ? { type: 'string', ...(type.pattern === undefined ? TEXT : patternOf(type.pattern)) }
          : { enum: type.of };
      return { anyOf: [one, { type: 'array', items: one, minItems: 1 }] };
    }
    case 'list':
      return { type: 'array', items: schemaOf(type.of) };
    case 'mapping':
      return mapping(type.fields);
    case 'table':
      return {
        type: 'object',
        propertyNames: patternOf(type.names),
        additionalProperties: schemaOf(type.of),
      };
    case 'either':
      return { anyOf: type.of.map(schemaOf) };
  }
}

const TEXT: Schema = { minLength: 1 };

function patternOf({ source }: RegExp): Schema {
  return { pattern: source };
}
