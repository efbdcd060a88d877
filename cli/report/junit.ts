/** JUnit XML as test reporters of CI servers read it: a suite a file, a failure a finding. */
import type { NotScanned, ReportedFinding, ReportWriter } from './model.ts';

export function junitWriter(): ReportWriter {
  return {
    begin: () => '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="security-guidance">\n',
    findings: (found) => byFile(found).map(fileSuite).join(''),
    end: ({ files, notScanned, incomplete }) =>
      `${scanSuite(files, [...notScanned, ...incomplete])}</testsuites>\n`,
  };
}

function fileSuite(found: readonly ReportedFinding[]): string {
  const path = found[0]?.finding.path ?? '';
  const cases = found.map(({ finding, rule }) => {
    const { line, column } = finding.start;
    const { what, why, fix } = rule.message;
    const text = `${path}:${line}:${column}\n${finding.snippet}\n\n${what} ${why} ${fix}`.trim();
    return [
      `    <testcase${attributes({ name: `${finding.ruleId} ${line}:${column}`, classname: path, file: path, line })}>`,
      `      <failure${attributes({ message: rule.title, type: finding.severity })}>${escapeXml(text)}</failure>`,
      '    </testcase>',
      '',
    ].join('\n');
  });
  return suite(path, { tests: found.length, failures: found.length, errors: 0 }, cases);
}

/** What was scanned passes as one test: a report without tests is an error to some readers. */
function scanSuite(files: number, trouble: readonly NotScanned[]): string {
  const cases = trouble.map(({ path, reason }) =>
    [
      `    <testcase${attributes({ name: `scan of ${path}`, classname: path, file: path })}>`,
      `      <error${attributes({ message: reason, type: 'not-scanned' })}/>`,
      '    </testcase>',
      '',
    ].join('\n'),
  );
  cases.push(
    `    <testcase${attributes({ name: `${files} files scanned`, classname: 'scan' })}/>\n`,
  );
  return suite('scan', { tests: cases.length, failures: 0, errors: trouble.length }, cases);
}

function suite(
  name: string,
  counts: Readonly<Record<string, number>>,
  cases: readonly string[],
): string {
  return `  <testsuite${attributes({ name, ...counts })}>\n${cases.join('')}  </testsuite>\n`;
}

function byFile(found: readonly ReportedFinding[]): ReportedFinding[][] {
  const groups = new Map<string, ReportedFinding[]>();
  for (const each of found) {
    const group = groups.get(each.finding.path);
    if (group === undefined) groups.set(each.finding.path, [each]);
    else group.push(each);
  }
  return [...groups.values()];
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // In an attribute they would become spaces.
  '\n': '&#10;',
  '\t': '&#9;',
};

/** What XML 1.0 has no way to write becomes U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"\n\t]/g, (char) => ESCAPES[char] ?? char);
}
