/** Which rules a command runs: the built-in ones, files that the user names, filters. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CONFIDENCES } from '../../engine/rule.ts';
import type { Confidence, Rule } from '../../engine/rule.ts';
import type { Io } from '../io.ts';
import { didYouMean, quote } from '../options.ts';
import { nearest } from '../suggest.ts';
import type { exampleLocator } from './rule-files.ts';

export interface RuleSources {
  readonly builtin: boolean;
  /** Rule files or folders, relative to the current folder. */
  readonly paths: readonly string[];
}

/** Folders that a project's settings name: nothing in them may lead out of `within`. */
interface ProjectRules {
  readonly within?: string;
  /** Absolute. */
  readonly folders?: readonly string[];
}

export interface RuleSelection extends RuleSources, ProjectRules {
  /** When there are any, only these. */
  readonly ids: readonly string[];
  readonly minConfidence: Confidence;
}

export interface LoadedRules {
  readonly rules: readonly Rule[];
  /** Rule files and rules that could not be used, each with its place and reason. */
  readonly problems: readonly string[];
  /** Rules that are used in another way than they are written. */
  readonly warnings: readonly string[];
  /** File of a rule, for messages; undefined when it is not known. */
  placeOf(id: string): string | undefined;
  /** `file:line` of an example, as far as it is known. */
  placeOfExample(id: string, list: string, index: number): string;
}

type Refused = { readonly ok: false; readonly message: string };

/** The built-in rules, as the build wrote them. */
export function builtinRules(io: Io): readonly Rule[] {
  // Made by our build from validated rule files, in ASCII: to read it is a tenth of a scan in which nothing has changed.
  return JSON.parse(readFileSync(io.assets.rules, 'latin1')) as readonly Rule[];
}

/** Loads from all sources; a rule whose id is taken already is a problem. */
export async function loadRules(sources: RuleSources & ProjectRules, io: Io): Promise<LoadedRules> {
  const builtin = sources.builtin ? builtinRules(io) : [];
  const builtinFiles = new Map(builtin.map(({ id, file = `${id}.yaml` }) => [id, `rules/${file}`]));
  const { paths, folders = [], within } = sources;
  if (paths.length + folders.length === 0)
    return {
      rules: builtin,
      problems: [],
      warnings: [],
      placeOf: (id) => builtinFiles.get(id),
      placeOfExample: (id) => builtinFiles.get(id) ?? id,
    };
  // Only here: what reads YAML takes as long to load as everything else together.
  const { exampleLocator: locatorOf, loadRuleFiles } = await import('./rule-files.ts');
  const named = loadRuleFiles(paths, io.cwd, builtinFiles.keys());
  const taken = [...builtinFiles.keys(), ...named.rules.map(({ rule }) => rule.id)];
  const own = loadRuleFiles(folders, io.cwd, taken, within);
  const rules = [...named.rules, ...own.rules];
  const problems = [...named.problems, ...own.problems];
  const warnings = [...named.warnings, ...own.warnings];
  const files = new Map(rules.map(({ rule, file }) => [rule.id, file]));
  const locators = new Map<string, ReturnType<typeof exampleLocator>>();
  return {
    rules: [...builtin, ...rules.map(({ rule }) => rule)],
    problems,
    warnings,
    placeOf: (id) => files.get(id) ?? builtinFiles.get(id),
    placeOfExample(id, list, index) {
      const file = files.get(id);
      if (file === undefined) return builtinFiles.get(id) ?? id;
      const locate = locators.get(file) ?? locatorOf(file, io.cwd);
      locators.set(file, locate);
      return locate(id, list, index);
    },
  };
}

/** Loads and filters for a scan. A rule that is named runs whatever its confidence. */
export async function selectRules(
  selection: RuleSelection,
  io: Io,
): Promise<(LoadedRules & { readonly ok: true }) | Refused> {
  const loaded = await loadRules(selection, io);
  const unknown = selection.ids.find((id) => loaded.placeOf(id) === undefined);
  if (unknown !== undefined) return noSuchRule(unknown, loaded.rules);
  const least = CONFIDENCES.indexOf(selection.minConfidence);
  const rules = loaded.rules.filter(({ id, confidence }) =>
    selection.ids.length > 0
      ? selection.ids.includes(id)
      : CONFIDENCES.indexOf(confidence) >= least,
  );
  return { ok: true, ...loaded, rules };
}

/** Rules for `sg test`: of files and folders, and built-in ones by id; all built-in ones for no name at all. */
export async function loadRulesToTest(
  names: readonly string[],
  io: Io,
): Promise<(LoadedRules & { readonly ok: true }) | Refused> {
  const builtin = await loadRules({ builtin: true, paths: [] }, io);
  if (names.length === 0) return { ok: true, ...builtin };
  const ids = names.filter(
    (name) => builtin.placeOf(name) !== undefined && !existsSync(resolve(io.cwd, name)),
  );
  const paths = names.filter((name) => !ids.includes(name));
  const missing = paths.find((path) => !existsSync(resolve(io.cwd, path)));
  if (missing !== undefined) {
    const near = nearest(
      missing,
      builtin.rules.map(({ id }) => id),
    );
    return {
      ok: false,
      message: `${quote(missing)} is neither a file, nor a folder, nor the id of a built-in rule${didYouMean(near)}`,
    };
  }
  const files = await loadRules({ builtin: false, paths }, io);
  return {
    ok: true,
    rules: [...builtin.rules.filter(({ id }) => ids.includes(id)), ...files.rules],
    problems: files.problems,
    warnings: files.warnings,
    placeOf: (id) => files.placeOf(id) ?? builtin.placeOf(id),
    placeOfExample: (id, list, index) =>
      (files.placeOf(id) === undefined ? builtin : files).placeOfExample(id, list, index),
  };
}

function noSuchRule(id: string, rules: readonly Rule[]): Refused {
  return {
    ok: false,
    message: `there is no rule ${quote(id)}${didYouMean(
      nearest(
        id,
        rules.map((rule) => rule.id),
      ),
    )}`,
  };
}
