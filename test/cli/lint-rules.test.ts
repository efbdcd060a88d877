/** `sg lint-rules` as a process, and our own rules through it. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isBuilt, RULE, useFolder } from './helpers/cli.ts';

const { write, sg } = useFolder();
const RULES = fileURLToPath(new URL('../../rules', import.meta.url));

describe.skipIf(!isBuilt)('sg lint-rules', () => {
  it('finds nothing in our own rules', async () => {
    const result = await sg(['lint-rules', '--strict', RULES]);
    expect(result.stdout).toMatch(/^\d+ rules in \d+ files: 0 errors, 0 warnings\n$/);
    expect(result.code).toBe(0);
  });

  it('names file, line and column, with a caret below the source', async () => {
    write({
      'r/no-evil.yaml': RULE.replace(String.raw`'\bevil\s*\('`, String.raw`'\w*evil''x(?=\()'`)
        .replace('severity: high', 'severity: hihg')
        .replace("'# evil(x)'", "'# nothing'"),
    });
    const result = await sg(['lint-rules', 'r']);
    expect(result.code).toBe(1);
    expect(result.stdout).toMatchInlineSnapshot(`
      "r/no-evil.yaml:3:11: error: severity is "hihg"; expected low, medium, high, critical; did you mean "high"? [invalid-rule]
        3 | severity: hihg
          |           ^
          = this rule is left out
      r/no-evil.yaml:9:16: error: patterns: RE2 has no lookahead "(?=…)" (at character 10, "(?="); instead: consume the text instead, or use \\b [invalid-rule]
        9 |   - '\\w*evil''x(?=\\()'
          |                ^
          = this rule is left out
      0 rules in 1 file: 2 errors, 0 warnings
      "
    `);
  });

  it('looks at named patterns with the rules beside them', async () => {
    write({
      'r/named-patterns.yaml': "define:\n  word: 'evil'\n  idle: 'x'\n  wrong: '('\n",
      'r/no-evil.yaml': RULE.replace(String.raw`\bevil\s`, String.raw`\b(?&word)\s`),
      'r/sub/no-more.yaml': RULE.replace('no-evil', 'no-more').replace(
        String.raw`\bevil\s`,
        String.raw`\b(?&words)\s`,
      ),
    });
    const result = await sg(['lint-rules', 'r']);
    expect(result.stdout.split('\n').filter((line) => line.startsWith('r/'))).toEqual([
      'r/sub/no-more.yaml:9:8: error: patterns: no pattern is called "words" under "define" or in named-patterns.yaml; did you mean "word"? (at character 3, "(?&words)") [invalid-rule]',
      'r/named-patterns.yaml:3:3: warning: no rule in these files takes in (?&idle) [unused-name]',
      'r/named-patterns.yaml:4:3: warning: no rule in these files takes in (?&wrong) [unused-name]',
      'r/named-patterns.yaml:4:10: error: wrong: this group is never closed (at character 1, "("); instead: add ")" [invalid-rule]',
    ]);
    expect(result.stdout).toContain('1 rule in 3 files: 2 errors, 2 warnings');
    const tested = await sg(['test', 'r/no-evil.yaml']);
    expect(tested.stdout).toContain('no-evil');
    expect(tested.code).toBe(2);
    expect(tested.stdout).toContain('broken r/named-patterns.yaml:4:10: error: wrong');
  });

  it('warns of what has no effect and of what is slow', async () => {
    write({
      'r/no-evil.yaml': RULE.replace(
        'message:',
        "unless:\n  - within: match\n    pattern: 'safe'\nmessage:",
      )
        .replace("'# evil(x)'", "'# nothing'")
        .replace("'devil(x)'", "'nothing at all'"),
    });
    const result = await sg(['lint-rules', 'r/no-evil.yaml']);
    expect(result.code).toBe(0);
    expect(result.stdout).toMatchInlineSnapshot(`
      "r/no-evil.yaml:12:14: warning: the condition needs a character that no match holds, so it cancels no match [condition-never]
        12 |     pattern: 'safe'
           |              ^
           = widen \`within\`, or leave the condition out
      r/no-evil.yaml:22:5: warning: no example under no-match holds any literal of the patterns [no-near-miss]
        22 |     - 'nothing at all'
           |     ^
           = add a near miss: the safe call beside the dangerous one, the name that only looks alike
      1 rule in 1 file: 0 errors, 2 warnings
      "
    `);
    expect((await sg(['lint-rules', '--strict', 'r'])).code).toBe(1);
    const json = JSON.parse((await sg(['lint-rules', 'r', '--format', 'json'])).stdout);
    expect(json.summary).toEqual({ files: 1, rules: 1, errors: 0, warnings: 2 });
    expect(json.diagnostics[0]).toMatchObject({
      file: 'r/no-evil.yaml',
      line: 12,
      column: 14,
      code: 'condition-never',
      ruleId: 'no-evil',
    });
  });

  it('takes a warning as accepted where a comment gives the reason', async () => {
    const slow = RULE.replace(
      "  - '\\bevil",
      "  # sg-lint-ignore: open-end -- it is only a test\n  - '\\s*\\bevil",
    );
    write({ 'r/no-evil.yaml': slow });
    expect((await sg(['lint-rules', '--strict', 'r'])).code).toBe(0);
    write({ 'r/no-evil.yaml': slow.replace(' -- it is only a test', '') });
    expect((await sg(['lint-rules', '--strict', 'r'])).stdout).toContain('[open-end]');
  });

  it('tells of examples that are wrong and, when asked, of patterns that none tries', async () => {
    write({
      'r/no-evil.yaml': RULE.replace("'evil (y)'", "'good(y)'").replace(
        'message:',
        "  - '\\bworse\\s*\\('\nmessage:",
      ),
    });
    const { code, stdout } = await sg(['lint-rules', 'r', '--notes']);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'r/no-evil.yaml:18:7: error: missing: the rule does not find this example [wrong-example]',
    );
    write({ 'r/no-evil.yaml': RULE.replace('message:', "  - '\\bworse\\s*\\('\nmessage:") });
    expect((await sg(['lint-rules', 'r', '--notes'])).stdout).toContain(
      'r/no-evil.yaml:10:5: note: no example matches by this pattern [untested-pattern]',
    );
    expect((await sg(['lint-rules', 'r'])).stdout).toBe('1 rule in 1 file: 0 errors, 0 warnings\n');
  });

  it('looks for the project its own rules, and says when there are none', async () => {
    const none = await sg(['lint-rules']);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('there is no rule file in .claude; name files or folders');
    write({ '.claude/security-rules/no-evil.yaml': RULE });
    expect((await sg(['lint-rules'])).stdout).toBe('1 rule in 1 file: 0 errors, 0 warnings\n');
    expect((await sg(['lint-rules', 'gone'])).stderr).toContain('"gone": no such file or folder');
  });

  it('shows text of a hostile file with its controls written out', async () => {
    write({ 'r/no-evil.yaml': `${RULE}evil\u001b[2J: 1\n` });
    const { stdout } = await sg(['lint-rules', 'r']);
    expect(stdout).not.toContain('\u001b');
  });
});
