/** Validates against the official schema of SARIF 2.1.0. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

/** What the schema has against a log; null for nothing. */
export function sarifErrors(log: string): unknown {
  // The official schema has a pattern for languages that is no regular expression in Unicode mode.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const schema = new URL('../../fixtures/sarif/sarif-2.1.0.json', import.meta.url);
  const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
  validate(JSON.parse(log));
  return validate.errors ?? null;
}
