/** Reads, validates and merges the built-in rule files for the build. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packRules } from '../engine/pack/pack-rules.ts';
import type { PatternError } from '../engine/regex/ast.ts';
import { parsePattern } from '../engine/regex/parse.ts';
import { snapshotOf } from '../engine/re2/snapshot-of.ts';
import { packSnapshot } from '../engine/re2/snapshot.ts';
import { conditionPatterns, type Example, type Rule, withoutProse } from '../engine/rule.ts';
import { encodeUtf8 } from '../engine/text/utf8.ts';
import { NAMED_PATTERNS_FILE } from '../host/rules/files.ts';
import { type NamedPatterns, NO_NAMES } from '../host/rules/named-patterns.ts';
import { convertNativeRules } from '../host/rules/native-format.ts';
import { convertNamesFile } from '../host/rules/native-names.ts';
import { formatRuleFileProblem } from '../host/rules/problem.ts';
import { KERNEL_PAGES } from '../engine/prefilter/kernel.ts';
import { kernelCode } from '../engine/prefilter/kernel-code.ts';
import { createKernel } from '../host/kernel.ts';
import { compileBytes, runtimeOf } from '../host/wasm.ts';
import { parseRuleDocument } from '../host/rules/yaml-document.ts';
import { secretRules } from '../orchestrator/redact-rules.ts';

export interface BuiltRules {
  /** By id. */
  readonly rules: readonly Rule[];
  /** One line each; the build fails when there is any. */
  readonly problems: readonly string[];
}

/** `folder` holds one file a rule, in families' folders too; problems are named by the path from its parent. */
export function buildRules(folder: string): BuiltRules {
  const rules: Rule[] = [];
  const problems: string[] = [];
  const taken = new Set<string>();
  const named = readNamedPatterns(folder, problems);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.yaml') && name !== NAMED_PATTERNS_FILE);
  for (const name of names.sort(byBaseName)) {
    const file = `${basename(folder)}/${name}`;
    const parsed = parseRuleDocument(readFileSync(join(folder, name), 'utf8'), {
      format: 'yaml',
      uniqueKeys: true,
    });
    if (!parsed.ok) {
      problems.push(`${file}: ${parsed.reason}`);
      continue;
    }
    const converted = convertNativeRules({
      file,
      origin: 'builtin',
      value: parsed.value,
      locate: parsed.locate,
      taken,
      strict: true,
      expectedId: basename(name, '.yaml'),
      checkPattern,
      names: () => named,
    });
    rules.push(...converted.rules.map((rule) => ({ ...rule, file: name })));
    problems.push(...converted.problems.map(formatRuleFileProblem));
  }
  const unused = named
    .unused()
    .map((name) => `${basename(folder)}/${NAMED_PATTERNS_FILE}: no rule takes in (?&${name})`);
  return { rules, problems: [...problems, ...unused] };
}

/** Those of the folder itself; problems are added to `problems`. */
function readNamedPatterns(folder: string, problems: string[]): NamedPatterns {
  const path = join(folder, NAMED_PATTERNS_FILE);
  if (!existsSync(path)) return NO_NAMES;
  const file = `${basename(folder)}/${NAMED_PATTERNS_FILE}`;
  const parsed = parseRuleDocument(readFileSync(path, 'utf8'), {
    format: 'yaml',
    uniqueKeys: true,
  });
  if (!parsed.ok) {
    problems.push(`${file}: ${parsed.reason}`);
    return NO_NAMES;
  }
  const { value, locate } = parsed;
  const converted = convertNamesFile({ file, value, locate, strict: true, checkPattern });
  problems.push(...converted.problems.map(formatRuleFileProblem));
  return converted.names;
}

function checkPattern(pattern: string): PatternError | undefined {
  const result = parsePattern(pattern);
  return result.ok ? undefined : result.error;
}

/** By id, wherever the file lies. */
function byBaseName(a: string, b: string): number {
  return basename(a) < basename(b) ? -1 : 1;
}

/** What the per-edit layer needs: rules of high confidence, without what only their authors read. */
export function editRules(rules: readonly Rule[]): Rule[] {
  return rules.filter(({ confidence }) => confidence === 'high').map(withoutProse);
}

/** The file of a `RulePack`, from which texts are searched. */
export function packForScan(rules: readonly Rule[]): Uint8Array {
  return packRules(rules.map(withoutProse), createKernel());
}

/** The same for what is not shown to a model. */
export function packForSecrets(): Uint8Array {
  return packRules(secretRules(), createKernel());
}

/** The kernel's module, for the bundles. */
export function kernelModule(): string {
  return Buffer.from(kernelCode(KERNEL_PAGES)).toString('base64');
}

/** Enough to get the engine's parts loaded; what each rule needs is in the snapshot, and what is met often gets fast. */
const WARM_UP_TEXTS = 4;

/** Texts of which each has a finding of the per-edit layer: the service's threads run through all of them. */
export function warmUpTexts(rules: readonly Rule[]): Example[] {
  const texts = rules
    .filter(({ confidence }) => confidence === 'high')
    .flatMap(({ examples }) => examples.match.slice(0, 1));
  const step = Math.max(1, texts.length / WARM_UP_TEXTS);
  return texts.filter((_, index) => Math.floor(index / step) > Math.floor((index - 1) / step));
}

/**
 * The rules' patterns, compiled by RE2 and tried on the examples of `documented`, as a file for `loadWasm`.
 */
export function compileRules(
  rules: readonly Rule[],
  wasm: Uint8Array,
  documented: readonly Rule[],
): Uint8Array {
  const examples = new Map(
    documented.map(({ id, examples: { match, noMatch } }) => [
      id,
      [...match, ...noMatch].map(({ code }) => encodeUtf8(code)),
    ]),
  );
  const samples = new Map<string, readonly Uint8Array[]>();
  for (const rule of rules) {
    const conditions = conditionPatterns(rule).map(({ source }) => source);
    for (const pattern of [...rule.patterns, ...conditions])
      samples.set(pattern, [...(samples.get(pattern) ?? []), ...(examples.get(rule.id) ?? [])]);
  }
  return packSnapshot(snapshotOf(runtimeOf(compileBytes(wasm)), samples.keys(), samples));
}
