/** The schema against the loader: what one refuses the other does. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../engine/regex/parse.ts';
import { convertNativeRules } from '../../../host/rules/native-format.ts';
import { RULE_FIELDS } from '../../../host/rules/fields.ts';
import { schemaText } from '../../../host/rules/schema.ts';
import { parseRuleDocument } from '../../../host/rules/yaml-document.ts';

const schema: object = JSON.parse(schemaText());
const validate = new Ajv({ allErrors: true, strict: true }).compile(schema);
const RULES = fileURLToPath(new URL('../../../rules/', import.meta.url));

function loads(value: unknown): boolean {
  const { problems } = convertNativeRules({
    file: 'r.yaml',
    origin: 'project',
    value,
    locate: () => undefined,
    taken: new Set(),
    strict: false,
    checkPattern: (pattern) => {
      const parsed = parsePattern(pattern);
      return parsed.ok ? undefined : parsed.error;
    },
  });
  return problems.length === 0;
}

const GOOD = { id: 'no-evil', patterns: ['evil'], message: 'Do not.' };

const GROUP = { patterns: ['(?P<g>evil)'] };
const CHECKED = {
  within: 'line',
  pattern: 'if (?P<checked>x)',
  where: [{ group: 'checked', equals: 'g' }],
};
const VALUE = { within: 'flow', lines: 9, is: 'variable' };
const TAKEN = { ...GOOD, patterns: '(?&word)' };

describe('rules.schema.json', () => {
  it('accepts every built-in rule', () => {
    const names = readdirSync(RULES, { recursive: true, encoding: 'utf8' });
    const refused = names
      .filter((name) => name.endsWith('.yaml'))
      .filter((name) => {
        const text = readFileSync(`${RULES}/${name}`, 'utf8');
        const parsed = parseRuleDocument(text, { format: 'yaml', uniqueKeys: true });
        return !parsed.ok || !validate(parsed.value);
      });
    expect(refused).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['a rule', GOOD],
    ['a list', [GOOD, { ...GOOD, id: 'b' }]],
    ['a list under rules', { rules: [GOOD] }],
    ['no id', { ...GOOD, id: undefined }],
    ['an id in capitals', { ...GOOD, id: 'NoEvil' }],
    ['no patterns', { id: 'a', message: 'x' }],
    ['one pattern as text', { ...GOOD, patterns: 'evil' }],
    ['an empty list of patterns', { ...GOOD, patterns: [] }],
    ['a number as pattern', { ...GOOD, patterns: [1] }],
    ['no message', { id: 'a', patterns: ['evil'] }],
    ['a message of parts', { ...GOOD, message: { what: 'x', why: 'y', fix: 'z' } }],
    ['a message without what', { ...GOOD, message: { why: 'y' } }],
    ['a message with more', { ...GOOD, message: { what: 'x', how: 'y' } }],
    ['a key that nobody reads', { ...GOOD, pattern: 'x' }],
    ['a severity', { ...GOOD, severity: 'high' }],
    ['a wrong severity', { ...GOOD, severity: 'hihg' }],
    ['a language', { ...GOOD, languages: 'python' }],
    ['languages', { ...GOOD, languages: ['python', 'go'] }],
    ['a wrong language', { ...GOOD, languages: ['pyhton'] }],
    ['a region', { ...GOOD, in: 'code' }],
    ['a wrong region', { ...GOOD, in: ['codes'] }],
    ['a CWE', { ...GOOD, cwe: 'CWE-78' }],
    ['a wrong CWE', { ...GOOD, cwe: 'CWE 78' }],
    ['a class', { ...GOOD, class: 'weak-crypto' }],
    ['a wrong class', { ...GOOD, class: 'Weak crypto' }],
    ['a condition', { ...GOOD, unless: [{ within: 'call', pattern: 'x' }] }],
    ['a condition without pattern', { ...GOOD, unless: [{ within: 'call' }] }],
    ['a wrong within', { ...GOOD, unless: [{ within: 'calls', pattern: 'x' }] }],
    ['a requirement', { ...GOOD, requires: [{ within: 'near', lines: 3, pattern: 'x' }] }],
    ['no number of lines', { ...GOOD, requires: [{ within: 'near', lines: 'x', pattern: 'x' }] }],
    ['too many lines', { ...GOOD, requires: [{ within: 'near', lines: 101, pattern: 'x' }] }],
    ['part of a line', { ...GOOD, requires: [{ within: 'near', lines: 1.5, pattern: 'x' }] }],
    ['groups', { ...GOOD, ...GROUP, where: [{ group: 'g', entropy: 3.5, 'stop-words': true }] }],
    ['stop words', { ...GOOD, ...GROUP, where: [{ group: 'g', 'stop-words': ['x'] }] }],
    ['no stop words', { ...GOOD, ...GROUP, where: [{ group: 'g', 'stop-words': false }] }],
    ['entropy of nothing', { ...GOOD, ...GROUP, where: [{ group: 'g', entropy: 0 }] }],
    ['too much entropy', { ...GOOD, ...GROUP, where: [{ group: 'g', entropy: 9 }] }],
    ['no kind of expression', { ...GOOD, ...GROUP, where: [{ group: 'g', is: 'x' }] }],
    ['a value', { ...GOOD, requires: [VALUE] }],
    ['a value of a group', { ...GOOD, ...GROUP, requires: [{ ...VALUE, of: 'g', without: 'x' }] }],
    ['a value without lines', { ...GOOD, requires: [{ ...VALUE, lines: undefined }] }],
    ['a value that cancels', { ...GOOD, unless: [VALUE] }],
    ['a value near', { ...GOOD, requires: [{ ...VALUE, within: 'near' }] }],
    ['a value with a pattern', { ...GOOD, requires: [{ ...VALUE, pattern: 'x' }] }],
    ['a value that is constant', { ...GOOD, requires: [{ ...VALUE, is: 'constant' }] }],
    ['groups of a condition', { ...GOOD, ...GROUP, unless: [CHECKED] }],
    [
      'a condition that asks of nothing',
      { ...GOOD, ...GROUP, unless: [{ ...CHECKED, where: [{}] }] },
    ],
    ['a secret', { ...GOOD, ...GROUP, secret: 'g' }],
    ['sources', { ...GOOD, sources: ['x', 'y'] }],
    ['a named pattern', { ...TAKEN, define: { word: 'x' } }],
    ['one that says what it is', { ...TAKEN, define: { word: { about: 'a', pattern: 'x' } } }],
    ['one with a wrong name', { ...TAKEN, define: { word: 'x', 'a-word': 'x' } }],
    ['one without a pattern', { ...TAKEN, define: { word: { about: 'a' } } }],
    ['one beside a list of rules', { define: { word: 'x' }, rules: [TAKEN] }],
    ['conditions that are no list', { ...GOOD, unless: 'x' }],
    ['a reference', { ...GOOD, references: ['https://example.org/'] }],
    ['a reference by http', { ...GOOD, references: ['http://example.org/'] }],
    [
      'examples',
      { ...GOOD, examples: { match: ['evil'], 'no-match': [{ code: 'x', path: 'a.py' }] } },
    ],
    ['an example without code', { ...GOOD, examples: { match: [{ path: 'a.py' }] } }],
    ['examples of a third kind', { ...GOOD, examples: { maybe: ['x'] } }],
  ])('judges as the loader does: %s', (_name, given) => {
    const value: unknown = JSON.parse(JSON.stringify(given));
    expect(validate(value)).toBe(loads(value));
  });

  it('has each field that the documentation of the format tells of, and no other', () => {
    const format = readFileSync(
      fileURLToPath(new URL('../../../docs/rules-format.md', import.meta.url)),
      'utf8',
    );
    const table = format.slice(
      format.indexOf('| Field '),
      format.indexOf('Built-in rules give all'),
    );
    const told = [...table.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name);
    const known = Object.keys(RULE_FIELDS).filter((name) => name !== 'parity');
    expect(new Set(told)).toEqual(new Set(known));
  });
});
