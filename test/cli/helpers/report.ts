/** Reports to format, made by hand. */
import { ReportBuilder, withSuppressionRules } from '../../../cli/report/model.ts';
import type { NotScanned, ReportFrame, ReportWriter } from '../../../cli/report/model.ts';
import type { Finding, Incomplete, SuppressedFinding } from '../../../engine/finding.ts';
import type { Rule } from '../../../engine/rule.ts';

export const EVAL_RULE: Rule = {
  id: 'py-eval',
  title: 'eval of text',
  severity: 'critical',
  confidence: 'high',
  cwe: 'CWE-95',
  class: 'code-exec',
  languages: ['python'],
  patterns: [String.raw`\beval\s*\(`],
  unless: [],
  message: {
    what: 'eval runs text as code.',
    why: 'Whoever controls the text controls the process.',
    fix: 'Use ast.literal_eval.',
  },
  references: ['https://docs.python.org/3/library/ast.html'],
  examples: { match: [], noMatch: [] },
  origin: 'builtin',
};

export const PLAIN_RULE: Rule = {
  ...EVAL_RULE,
  id: 'no todo',
  title: 'A rule of a project',
  severity: 'low',
  confidence: 'medium',
  references: [],
  message: { what: 'Ask first.', why: '', fix: '' },
  origin: 'project',
};
delete (PLAIN_RULE as { cwe?: string }).cwe;

export function finding(path: string, line: number, text: string, rule: Rule = EVAL_RULE): Finding {
  const column = 5;
  return {
    ruleId: rule.id,
    path,
    severity: rule.severity,
    confidence: rule.confidence,
    start: { line, column, offset: line * 100 },
    end: { line, column: column + 5, offset: line * 100 + 5 },
    snippet: text,
    key: `${rule.id}\0${text}`,
  };
}

interface More {
  readonly suppressed?: readonly SuppressedFinding[];
  readonly incomplete?: readonly Incomplete[];
  readonly notScanned?: readonly NotScanned[];
  readonly binaries?: number;
}

/** What a writer makes of a scan with these findings. */
export function written(
  makeWriter: (frame: ReportFrame) => ReportWriter,
  findings: readonly Finding[],
  { suppressed = [], incomplete = [], notScanned = [], binaries = 0 }: More = {},
): string {
  const frame = { rules: withSuppressionRules([EVAL_RULE, PLAIN_RULE]), cwd: '/project' };
  const writer = makeWriter(frame);
  const builder = new ReportBuilder(frame);
  const paths = [...findings, ...suppressed.map((one) => one.finding), ...incomplete];
  let text = writer.begin();
  for (const path of [...new Set(paths.map((one) => one.path))].sort()) {
    const found = builder.add({
      kind: 'scanned',
      path,
      bytes: 1,
      result: {
        findings: findings.filter((one) => one.path === path),
        suppressed: suppressed.filter((one) => one.finding.path === path),
        incomplete: incomplete.filter((one) => one.path === path),
      },
    });
    text += writer.findings(found);
  }
  builder.addNotScanned(notScanned);
  const end = builder.end({
    files: 12,
    bytes: 3456,
    binaries,
    milliseconds: 1234,
    stale: 0,
    audit: [],
  });
  return text + writer.end(end);
}

export const FINDINGS: readonly Finding[] = [
  finding('src/a.py', 20, 'eval(y)', PLAIN_RULE),
  finding('src/a.py', 3, 'eval(x)'),
  finding('b\n\u001b]0;x\u0007.py', 1, 'eval(z)'),
  finding('src/gone.py', 7, 'eval(gone)'),
];
export const SUPPRESSED: readonly SuppressedFinding[] = [
  { finding: finding('src/a.py', 9, 'eval(s)'), reason: 'tested input', line: 8 },
];
/** With controls in the reason. */
export const HOSTILE: readonly SuppressedFinding[] = SUPPRESSED.map((one) => ({
  ...one,
  reason: 'tested \u001b[2J\u2028input',
}));
export const TROUBLE: Required<Pick<More, 'notScanned' | 'incomplete'>> = {
  notScanned: [{ path: '../out/x.py', reason: 'permission denied' }],
  incomplete: [{ path: 'src/a.py', ruleId: 'py-eval', reason: 'too many matches' }],
};
