/** Reads a pair's file, strictly: every problem is named by file and line, and one is enough to refuse it. */
import { LANGUAGES, languageOf } from '../../engine/language.ts';
import { describe, fieldsOf } from '../../host/rules/document.ts';
import type { DataPath, Locate } from '../../host/rules/document.ts';
import { nearest, quote } from '../../host/rules/problem.ts';
import { parseRuleDocument } from '../../host/rules/yaml-document.ts';
import { REVIEW_SEVERITIES } from '../../orchestrator/finding.ts';
import { checkPair } from './check-pair.ts';
import { PROOF_PROGRAMS, TRAITS } from './pair.ts';
import type { Pair, PairFile, Proof } from './pair.ts';

export type ReadPair =
  | { readonly ok: true; readonly pair: Pair }
  /** `file:line: what was got; what is expected`, in the order of the file. */
  | { readonly ok: false; readonly problems: readonly string[] };

const KEYS = [
  'id',
  'title',
  'language',
  'cwe',
  'severity',
  'path',
  'traits',
  'before',
  'vulnerable',
  'fixed',
  'files',
  'expect',
  'injected',
  'proof',
  'note',
];

/** `file` ends in the pair's id and `.yaml`. */
export function readPair(file: string, text: string): ReadPair {
  const parsed = parseRuleDocument(text, { format: 'yaml', uniqueKeys: true });
  if (!parsed.ok)
    return { ok: false, problems: [`${file}:${parsed.place?.line ?? 1}: ${parsed.reason}`] };
  const fields = fieldsOf(parsed.value);
  if (fields === undefined)
    return {
      ok: false,
      problems: [`${file}:1: got ${describe(parsed.value)}, expected a mapping`],
    };
  const reader = new Fields(file, fields, parsed.locate);
  reader.known(KEYS, []);
  const pair: Pair = {
    id: reader.text('id'),
    title: reader.text('title'),
    language: reader.oneOf('language', LANGUAGES) ?? 'c',
    cwe: reader.text('cwe'),
    severity: reader.oneOf('severity', REVIEW_SEVERITIES) ?? 'medium',
    path: reader.text('path'),
    traits: reader.list('traits').flatMap((_, index) => {
      const trait = reader.oneOf('traits', TRAITS, index);
      return trait === undefined ? [] : [trait];
    }),
    ...(fields.has('before') ? { before: reader.text('before') } : {}),
    vulnerable: reader.text('vulnerable'),
    // The sides may differ in another file alone.
    fixed: reader.text(fields.has('fixed') || !fields.has('files') ? 'fixed' : 'vulnerable'),
    ...(fields.has('files') ? { files: reader.files() } : {}),
    quotes: reader.quotes(),
    ...reader.elsewhere(),
    ...(fields.has('injected') ? { injected: reader.text('injected') } : {}),
    ...(fields.has('proof') ? { proof: reader.proof() } : {}),
    note: reader.text('note'),
  };
  // What is not there, or of another type, makes the checks below say the same again.
  if (reader.problems.length > 0) return { ok: false, problems: reader.sorted() };
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (name !== `${pair.id}.yaml`)
    reader.problem(['id'], `id is ${quote(pair.id)}, expected the name of its file`);
  if (languageOf(pair.path) !== pair.language)
    reader.problem(['path'], `${quote(pair.path)} is no file of the language ${pair.language}`);
  for (const { path, reason } of checkPair(pair)) reader.problem(path, reason);
  return reader.problems.length > 0 ? { ok: false, problems: reader.sorted() } : { ok: true, pair };
}

interface Problem {
  readonly line: number;
  readonly reason: string;
}

class Fields {
  readonly problems: Problem[] = [];
  readonly #file: string;
  readonly #fields: ReadonlyMap<string, unknown>;
  readonly #locate: Locate;

  constructor(file: string, fields: ReadonlyMap<string, unknown>, locate: Locate) {
    this.#file = file;
    this.#fields = fields;
    this.#locate = locate;
  }

  problem(path: DataPath, reason: string): void {
    let known = path;
    // A text that stands for a list of one has no entries to be found.
    while (known.length > 1 && this.#locate(known, 'key') === undefined) known = known.slice(0, -1);
    this.problems.push({ line: this.#locate(known, 'key')?.line ?? 1, reason });
  }

  sorted(): string[] {
    return [...this.problems]
      .sort((a, b) => a.line - b.line)
      .map(({ line, reason }) => `${this.#file}:${line}: ${reason}`);
  }

  known(keys: readonly string[], at: DataPath, fields = this.#fields): void {
    for (const key of fields.keys()) {
      if (keys.includes(key)) continue;
      const meant = nearest(key, keys);
      const advice =
        meant === undefined ? `expected ${keys.join(', ')}` : `did you mean "${meant}"?`;
      this.problem([...at, key], `unknown key ${quote(key)}; ${advice}`);
    }
  }

  text(key: string): string {
    return this.#textAt(this.#fields.get(key), [key]);
  }

  oneOf<T extends string>(key: string, known: readonly T[], index?: number): T | undefined {
    const value = index === undefined ? this.#fields.get(key) : this.list(key)[index];
    const path = index === undefined ? [key] : [key, index];
    const found = known.find((name) => name === value);
    if (found === undefined)
      this.problem(path, `${key} is ${quote(value)}, expected one of ${known.join(', ')}`);
    return found;
  }

  /** Empty when the key is absent. */
  list(key: string): readonly unknown[] {
    const value = this.#fields.get(key);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.problem([key], `${key} is ${describe(value)}, expected a list`);
    return [];
  }

  quotes(): string[] {
    const value = this.#fields.get('expect');
    const expect = fieldsOf(value);
    if (expect === undefined) {
      this.problem(['expect'], `expect is ${describe(value)}, expected a mapping with "quote"`);
      return [];
    }
    this.known(['quote', 'elsewhere'], ['expect'], expect);
    const given = expect.get('quote');
    const list: readonly unknown[] = Array.isArray(given) ? given : [given];
    return list.map((item, index) =>
      this.#textAt(item, Array.isArray(given) ? ['expect', 'quote', index] : ['expect', 'quote']),
    );
  }

  /** Right places in other files, by path. */
  elsewhere(): Pick<Pair, 'elsewhere'> {
    const given = fieldsOf(this.#fields.get('expect'))?.get('elsewhere');
    if (given === undefined) return {};
    const at = ['expect', 'elsewhere'];
    const elsewhere = [...this.#mapping(given, at)].map(([path, quote]) => ({
      path,
      quote: this.#textAt(quote, [...at, path]),
    }));
    return { elsewhere };
  }

  /** A text is context; `vulnerable` and `fixed` are context that differs; `after` is part of the change. */
  files(): PairFile[] {
    return [...this.#mapping(this.#fields.get('files'), ['files'])].map(([path, value]) => {
      const at = ['files', path];
      if (typeof value === 'string') {
        const text = this.#textAt(value, at);
        return { path, isChanged: false, vulnerable: text, fixed: text };
      }
      const fields = this.#mapping(value, at);
      const text = (key: string): string => this.#textAt(fields.get(key), [...at, key]);
      const isChanged = fields.has('after');
      this.known(isChanged ? ['before', 'after'] : ['vulnerable', 'fixed'], at, fields);
      if (!isChanged)
        return { path, isChanged, vulnerable: text('vulnerable'), fixed: text('fixed') };
      const after = text('after');
      const before = fields.has('before') ? { before: text('before') } : {};
      return { path, isChanged, ...before, vulnerable: after, fixed: after };
    });
  }

  proof(): Proof {
    const fields = this.#mapping(this.#fields.get('proof'), ['proof']);
    this.known(['run', 'script'], ['proof'], fields);
    const script = this.#textAt(fields.get('script'), ['proof', 'script']);
    const run = PROOF_PROGRAMS.find((name) => name === fields.get('run'));
    if (run !== undefined) return { run, script };
    this.problem(
      ['proof', 'run'],
      `run is ${quote(fields.get('run'))}, expected one of ${PROOF_PROGRAMS.join(', ')}`,
    );
    return { run: 'sh', script };
  }

  #mapping(value: unknown, path: DataPath): ReadonlyMap<string, unknown> {
    const fields = fieldsOf(value);
    if (fields === undefined)
      this.problem(path, `${path.join('.')} is ${describe(value)}, expected a mapping`);
    return fields ?? new Map();
  }

  #textAt(value: unknown, path: DataPath): string {
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.problem(path, `${path.join('.')} is ${describe(value)}, expected text`);
    return '';
  }
}
