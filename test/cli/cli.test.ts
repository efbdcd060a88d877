import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isBuilt, RULE, useFolder } from './helpers/cli.ts';

const { root, write, sg } = useFolder();

describe.skipIf(!isBuilt)('sg', () => {
  it('shows its version and help', async () => {
    expect((await sg(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await sg(['help']);
    expect(help.code).toBe(0);
    expect((await sg(['help', 'help'])).stdout).toBe(help.stdout);
    for (const [, name = ''] of help.stdout.matchAll(/^ {2}([a-z][a-z-]*) {2,}[a-z]/gm)) {
      if (name === 'help') continue;
      const one = await sg([name, '--help']);
      expect(one.stdout, name).toContain(`Usage: sg ${name}`);
      expect(one.stdout, name).toContain('Examples:');
      expect((await sg(['help', name])).stdout).toBe(one.stdout);
    }
  });

  it.each<[string[], string]>([
    [[], 'sg - security review for code'],
    [['scna'], 'sg: unknown command "scna"; did you mean "scan"?\nSee: sg help\n'],
    [['--verison'], 'sg: unknown option "--verison"; did you mean "--version"?\nSee: sg help\n'],
    [
      ['scan', '--fromat=json'],
      'sg scan: unknown option "--fromat"; did you mean "--format"?\nSee: sg help scan\n',
    ],
    [
      ['scan', '--stdin'],
      'sg scan: option --stdin needs --stdin-filename NAME, which decides the language\nSee: sg help scan\n',
    ],
    [['scan', '-'], 'sg scan: "-" is no path: standard input is scanned by --stdin'],
    [
      ['scan', '-o', 'gone/x.sarif'],
      'sg scan: option --output is "gone/x.sarif", but there is no folder',
    ],
    [['scan', '-o', '.'], 'sg scan: option --output is ".", which is a folder; name a file in it'],
    [['scan', '-o', '-'], 'sg scan: option --output is "-", expected a file'],
    [['scan', '--rule', 'no-such-rule-at-all'], 'sg scan: there is no rule "no-such-rule-at-all"'],
    [['explain'], 'sg explain: missing argument ID\nSee: sg help explain\n'],
    [['explain', 'CWE-1204'], 'there is no rule "CWE-1204"; about that: node-create-cipher'],
    [['explain', 'insecure whatsit'], 'there is no rule "insecure whatsit"; docs/rules.md lists'],
    [
      ['test', 'nothing-there'],
      'sg test: "nothing-there" is neither a file, nor a folder, nor the id of a built-in rule',
    ],
    [
      ['new-rule', 'Bad_Id'],
      'sg new-rule: the id is "Bad_Id", expected lower-case words joined by hyphens',
    ],
  ])('%j exits 2 and says what to do', async (args, message) => {
    const result = await sg(args);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(message);
    expect(result.stdout).toBe('');
  });
});

describe.skipIf(!isBuilt)('rule commands', () => {
  it('sg test: all validated and reported', async () => {
    write({ 'r/family/no-evil.yaml': RULE });
    const result = await sg(['test', 'r']);
    expect(result.stdout).toBe(
      'ok     no-evil  2 validated, 2 reported\n1 rule, 4 examples: 2 validated, 2 reported\n',
    );
    expect(result.code).toBe(0);
  });

  it('sg test: noisy and missing with their line, exit 1', async () => {
    write({
      'r/no-evil.yaml': RULE.replace("'devil(x)'", "'evil(x)'").replace("'evil (y)'", "'good(y)'"),
    });
    const result = await sg(['test', 'r/no-evil.yaml']);
    expect(result.code).toBe(1);
    expect(result.stdout).toMatchInlineSnapshot(`
      "not ok no-evil  1 validated, 1 reported, 1 noisy, 1 missing
        missing r/no-evil.yaml:17: examples.match[1] as example.py
            good(y)
        noisy r/no-evil.yaml:19: examples.no-match[0] as example.py, line 1
            evil(x)
      1 rule, 4 examples: 1 validated, 1 reported, 1 noisy, 1 missing
      "
    `);
    const json = JSON.parse((await sg(['test', 'r', '--format', 'json'])).stdout);
    expect(json.summary).toEqual({ rules: 1, validated: 1, reported: 1, noisy: 1, missing: 1 });
  });

  it('sg test: a broken rule exits 2', async () => {
    write({ 'r/no-evil.yaml': RULE.replace(String.raw`\bevil\s*\(`, '(?=x)y') });
    const result = await sg(['test', 'r']);
    expect(result.code).toBe(2);
    expect(result.stdout).toContain('broken r/no-evil.yaml:9');
  });

  it('sg test: the built-in rules', async () => {
    const result = await sg(['test', '--quiet']);
    expect(result.stdout).toMatch(/^\d+ rules, \d+ examples: \d+ validated, \d+ reported\n$/);
    expect(result.code).toBe(0);
  }, 60_000);

  it('sg new-rule writes a rule that passes, and never overwrites', async () => {
    const made = await sg(['new-rule', 'my-rule']);
    expect(made.code).toBe(0);
    expect(made.stdout).toContain('Wrote .claude/security-rules/my-rule.yaml.');
    const tested = await sg(['test', '.claude/security-rules']);
    expect(tested.stdout).toBe(
      'ok     my-rule  2 validated, 2 reported\n1 rule, 4 examples: 2 validated, 2 reported\n',
    );
    const again = await sg(['new-rule', 'my-rule']);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('it is there already');
    expect(readdirSync(join(root(), '.claude/security-rules'))).toEqual([
      'my-rule.yaml',
      'rules.schema.json',
    ]);
  });

  it('sg explain', async () => {
    write({ 'r/no-evil.yaml': RULE });
    const text = await sg(['explain', 'no-evil', '--rules', 'r']);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatchInlineSnapshot(`
      "no-evil  Call of evil
      severity high, confidence high, CWE-78

      What
        evil runs its argument.
        Whoever controls the argument controls the process.

      Fix
        Use good.

      Where
        languages: python
        begins in: code

      Patterns
        \\bevil\\s*\\(
          literals: "evil"; 5 to any number of bytes, may span lines

      Examples that match
        - evil(x)
        - evil (y)

      Examples that do not
        - devil(x)
        - # evil(x)

      Suppress
        sg-ignore: no-evil -- the reason
      "
    `);
    const condition =
      "unless:\n  - within: call\n    pattern: '\\bif (?P<checked>x)'\n    where: [{ group: checked, differs: used }]";
    const compared = RULE.replace("\\s*\\('", "(?P<used>\\s*)\\('").replace(
      'message:',
      `${condition}\nmessage:`,
    );
    write({ 'compared/no-evil.yaml': compared });
    expect((await sg(['explain', 'no-evil', '--rules', 'compared'])).stdout).toContain(`
Unless
  call: \\bif (?P<checked>x)
    checked: differs from used
    literals: "if x"
`);
    const json = JSON.parse(
      (await sg(['explain', 'no-evil', '--rules', 'r', '--format', 'json'])).stdout,
    );
    expect(json).toMatchObject({ id: 'no-evil', cwe: 'CWE-78', patterns: [{ spansLines: true }] });
    expect((await sg(['explain', 'no-evli', '--rules', 'r'])).stderr).toContain(
      'did you mean "no-evil"?',
    );
  });
});
