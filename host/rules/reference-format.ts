/**
 * Rules in the format of the Python plugin (`.claude/security-patterns.{yaml,yml,json}`): `rule_name`,
 * `regex`, `substrings`, `reminder`, `paths`, `exclude_paths`. They load unchanged and decide as its engine
 * does; where that engine drops a rule without a word, the problem says what was meant and what is done.
 */
import type { Origin, Rule } from '../../engine/rule.ts';
import { describe, fieldsOf, type DataPath, type Locate } from './document.ts';
import { quote, type RuleFileProblem } from './problem.ts';
import { convertReferenceRule } from './reference-rule.ts';
import { Report } from './report.ts';

export interface ReferenceInput {
  readonly file: string;
  readonly origin: Exclude<Origin, 'builtin'>;
  /** The parsed document, of any shape. */
  readonly value: unknown;
  readonly locate: Locate;
  /** Ids that are in use; those of the returned rules are added. */
  readonly taken: Set<string>;
}

export interface ConvertedRules {
  readonly rules: readonly Rule[];
  readonly problems: readonly RuleFileProblem[];
}

/** Converts every rule that can be; a bad rule never costs a good one. */
export function convertReferenceRules(input: ReferenceInput): ConvertedRules {
  const report = new Report(input.file, input.locate);
  const found = findEntries(input.value, report);
  const rules: Rule[] = [];
  found?.entries.forEach((entry, index) => {
    const path: DataPath = [...found.path, index];
    const fields = fieldsOf(entry);
    if (fields === undefined) {
      report.add(
        'error',
        path,
        `rule ${index + 1} is ${describe(entry)} (${quote(entry)}); expected a mapping with rule_name, reminder and regex or substrings`,
        'this rule is left out',
      );
      return;
    }
    const rule = convertReferenceRule({
      fields,
      path,
      position: index + 1,
      origin: input.origin,
      report,
      taken: input.taken,
    });
    if (rule !== undefined) rules.push(rule);
  });
  return { rules, problems: report.problems() };
}

function findEntries(
  value: unknown,
  report: Report,
): { readonly entries: readonly unknown[]; readonly path: DataPath } | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    report.add(
      'note',
      [],
      'the file is a list of rules; the documented form is a list under "patterns:"',
      'the list is read as the rules',
    );
    return { entries: value, path: [] };
  }
  const fields = fieldsOf(value);
  if (fields === undefined) {
    report.add(
      'error',
      [],
      `the file holds ${describe(value)}; expected "patterns:" with a list of rules`,
      'nothing is loaded from it',
    );
    return undefined;
  }
  if (!fields.has('patterns')) {
    const keys = [...fields.keys()].slice(0, 5).map((key) => quote(key));
    report.add(
      'error',
      [],
      `no "patterns" key (found ${keys.join(', ') || 'none'}); expected "patterns:" with a list of rules`,
      'nothing is loaded from it',
    );
    return undefined;
  }
  const patterns = fields.get('patterns');
  if (patterns === null) return undefined;
  if (!Array.isArray(patterns)) {
    report.add(
      'error',
      ['patterns'],
      `"patterns" is ${describe(patterns)}; expected a list of rules`,
      'nothing is loaded from it',
    );
    return undefined;
  }
  return { entries: patterns, path: ['patterns'] };
}
