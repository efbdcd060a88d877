/** The generated documentation, as a function of what the code says: options, variables, rules, bundled packages. */
import { ADVICE_CODES } from '../engine/lint/advice.ts';
import { SEVERITIES } from '../engine/rule.ts';
import type { Rule } from '../engine/rule.ts';
import type { ConfigEntry } from '../host/config.ts';
import { schemaText } from '../host/rules/schema.ts';
import { noticeText } from './notices.ts';
import type { BundledPackage } from './notices.ts';
import { redactTokensSource } from './redact-tokens.ts';
import { inMarkdown, pagePath, rulePage } from './rule-pages.ts';
import { markdownTable, replaceSections } from './sections.ts';

export interface DocsFacts {
  readonly rules: readonly Rule[];
  /** Options of `sg scan` as the help shows them: syntax, then description. */
  readonly scanOptions: readonly (readonly [string, string])[];
  readonly config: readonly ConfigEntry[];
  /** Variables of model reviews. */
  readonly reviewConfig: readonly ConfigEntry[];
  readonly packages: readonly BundledPackage[];
  /** Licences of the WebAssembly module, as the text that NOTICE begins with. */
  readonly noticeHead: string;
}

/** Texts of the documents that have generated parts, by path from the root. */
export interface DocsFiles {
  readonly 'README.md': string;
  readonly 'docs/rules.md': string;
  readonly 'docs/rules-format.md': string;
  readonly NOTICE: string;
  readonly 'rules.schema.json': string;
  readonly 'orchestrator/redact-tokens.ts': string;
  /** Wholly generated, one a rule. */
  readonly [page: `docs/rules/${string}`]: string;
}

/** Returns the documents as they should be; `current` gives what is written by hand. Pure. */
export function generateDocs(current: DocsFiles, facts: DocsFacts): DocsFiles {
  return {
    'README.md': replaceSections(
      current['README.md'],
      new Map([
        ['scan-options', scanOptions(facts)],
        ['configuration', configuration(facts.config)],
        ['review-configuration', configuration(facts.reviewConfig)],
        ['rule-summary', ruleSummary(facts.rules)],
      ]),
    ),
    'docs/rules.md': replaceSections(
      current['docs/rules.md'],
      new Map([['rules', rulesByFamily(facts.rules)]]),
    ),
    ...Object.fromEntries(facts.rules.map((rule) => [pagePath(rule), rulePage(rule)])),
    'docs/rules-format.md': replaceSections(
      current['docs/rules-format.md'],
      new Map([['lint-codes', lintCodes()]]),
    ),
    'rules.schema.json': schemaText(),
    'orchestrator/redact-tokens.ts': redactTokensSource(facts.rules),
    NOTICE: noticeText(facts.noticeHead, facts.packages),
  };
}

/** Short names of weaknesses, for readers who do not know the numbers; a rule may have another one. */
const WEAKNESSES: Readonly<Record<string, string>> = {
  'CWE-78': 'command injection',
  'CWE-79': 'cross-site scripting',
  'CWE-94': 'code injection',
  'CWE-95': 'eval injection',
  'CWE-295': 'certificates not checked',
  'CWE-327': 'broken cryptography',
  'CWE-353': 'no integrity check',
  'CWE-502': 'unsafe deserialization',
  'CWE-611': 'XML external entities',
  'CWE-776': 'XML entity expansion',
  'CWE-829': 'untrusted code is run',
  'CWE-1204': 'weak initialization vector',
};

function lintCodes(): string {
  return markdownTable(
    ['Code', 'Meaning'],
    Object.entries(ADVICE_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]),
  );
}

function scanOptions({ scanOptions }: DocsFacts): string {
  return markdownTable(
    ['Option', 'Meaning'],
    scanOptions.map(([syntax, meaning]) => [`\`${syntax}\``, meaning]),
  );
}

function configuration(config: readonly ConfigEntry[]): string {
  return markdownTable(
    ['Variable', 'Default', 'Effect'],
    config.map(({ name, default: unset, effect }) => [`\`${name}\``, unset, effect]),
  );
}

function ruleSummary(rules: readonly Rule[]): string {
  const atEdits = rules.filter(({ confidence }) => confidence === 'high').length;
  const rows = [...groupByCwe(rules)].map(([cwe, group]) => [
    WEAKNESSES[cwe] === undefined ? cwe : `${cwe} ${WEAKNESSES[cwe]}`,
    String(group.length),
    languagesOf(group).join(', '),
  ]);
  return [
    `${rules.length} rules, ${atEdits} of them certain enough to speak at each edit:`,
    '',
    markdownTable(['Weakness', 'Rules', 'Languages'], rows),
  ].join('\n');
}

function languagesOf(rules: readonly Rule[]): readonly string[] {
  const names = rules.flatMap(({ languages }): readonly string[] => languages ?? ['by path']);
  return [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));
}

/** A family is a folder of rules. */
function rulesByFamily(rules: readonly Rule[]): string {
  const families = new Map<string, Rule[]>();
  for (const rule of rules) {
    const [folder = ''] = rule.file?.split('/').slice(0, -1) ?? [];
    families.set(folder, [...(families.get(folder) ?? []), rule]);
  }
  return [...families]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([family, group]) => [
      ...(family === '' ? [] : [`## ${family.replaceAll('-', ' ')}`, '']),
      familyTable(group),
      '',
    ])
    .join('\n')
    .trimEnd();
}

function familyTable(rules: readonly Rule[]): string {
  const rows = [...groupByCwe(rules)].flatMap(([, group]) =>
    group.map(({ id, cwe = '', severity, confidence, title }) => [
      `[\`${id}\`](rules/${id}.md)`,
      cwe,
      severity,
      confidence,
      inMarkdown(title),
    ]),
  );
  return markdownTable(['Rule', 'CWE', 'Severity', 'Confidence', 'Finds'], rows);
}

/** By number of the CWE; in each group the most severe first, then by id. */
function groupByCwe(rules: readonly Rule[]): Map<string, readonly Rule[]> {
  const number = ({ cwe = 'CWE-0' }: Rule): number => Number(cwe.slice('CWE-'.length));
  const sorted = [...rules].sort(
    (a, b) =>
      number(a) - number(b) ||
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
      (a.id < b.id ? -1 : 1),
  );
  const groups = new Map<string, Rule[]>();
  for (const rule of sorted) {
    const cwe = rule.cwe ?? 'none';
    groups.set(cwe, [...(groups.get(cwe) ?? []), rule]);
  }
  return groups;
}
