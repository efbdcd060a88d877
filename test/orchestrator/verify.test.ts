import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ModelFinding } from '../../orchestrator/finding.ts';
import { prepareFiles } from '../../orchestrator/pack-prepare.ts';
import { verify } from '../../orchestrator/verify.ts';
import type { ReviewedFile } from '../../orchestrator/verify.ts';
import { changed, newRedactor } from './pack-support.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

const CLAIM: ModelFinding = {
  path: 'app/run.py',
  quote: 'os.system(name)',
  category: 'command-injection',
  severity: 'high',
  confidence: 'high',
  title: 'shell command',
  attack: 'sends a name with a semicolon',
  fix: 'use subprocess.run with a list',
  symbol: 'run',
};

/** Lines that begin with `+` are those that the change wrote, with `-` those that it took away. */
function file(marked: string, before?: string, path = 'app/run.py', repo = ''): ReviewedFile {
  const all = marked.split('\n');
  const lines = all.filter((line) => !line.startsWith('-'));
  const gaps = all.flatMap((line, at) =>
    line.startsWith('-') ? [all.slice(0, at).filter((each) => !each.startsWith('-')).length] : [],
  );
  return {
    repo,
    path,
    ...(before === undefined ? {} : { before: before.split('\n') }),
    after: lines.map((line) => line.slice(1)),
    changed: lines.flatMap((line, at) =>
      line.startsWith('+') ? [{ start: at, end: at + 1 }] : [],
    ),
    gaps,
  };
}

const one = (claim: Partial<ModelFinding>, ...files: ReviewedFile[]) => {
  const { kept, dropped } = verify([{ ...CLAIM, ...claim }], files, hash);
  return kept[0] ?? dropped[0]?.reason;
};

const NEW_CALL = file(' def run(name):\n+    os.system(name)', 'def run(name):');

describe('a quote', () => {
  test('that the change wrote is kept, at its line, with its weakness', () => {
    expect(one({}, NEW_CALL)).toMatchObject({
      line: 2,
      place: 'in-diff',
      cwe: 'CWE-78',
      confidence: 'high',
    });
  });

  test.each([
    ['is nowhere', 'os.popen(name)'],
    ['is too short to say anything', ')'],
    ['is empty', ''],
    ['spans lines that do not follow each other', 'def run(name):\nreturn 1\nos.system(name)'],
  ])('that %s is dropped', (_, quote) => {
    expect(one({ quote }, NEW_CALL)).toBe('no-such-code');
  });

  test('may differ in white space, which costs confidence', () => {
    const spaced = one({ quote: 'os.system(name)' }, file('+    os.system(name)'));
    expect(spaced).toMatchObject({ confidence: 'high' });
    expect(
      one(
        { quote: 'def  run(name):\n  os.system(name)' },
        file('+def run(name):\n+    os.system(name)'),
      ),
    ).toMatchObject({ line: 1, confidence: 'medium' });
  });

  test('that was there before is dropped, in its place or moved within its function', () => {
    const body = 'def run(name):\n    os.system(name)\n    log(name)';
    expect(one({}, file(' def run(name):\n     os.system(name)\n+    log(x)', body))).toBe(
      'there-before',
    );
    expect(one({}, file(' def run(name):\n+    log(name)\n+    os.system(name)', body))).toBe(
      'there-before',
    );
  });

  test('that moved into another function is new', () => {
    const before = 'def admin(name):\n    os.system(name)';
    expect(
      one(
        {},
        file(' def admin(name):\n     pass\n+def handler(name):\n+    os.system(name)', before),
      ),
    ).toMatchObject({ line: 4, place: 'in-diff' });
  });

  test('that is there once more than before is the new one', () => {
    const before = 'def run(name):\n    os.system(name)';
    expect(
      one({}, file(' def run(name):\n     os.system(name)\n+    os.system(name)', before)),
    ).toMatchObject({ line: 3 });
  });

  test('of a new file is in the change', () => {
    expect(one({}, file('+os.system(name)'))).toMatchObject({ line: 1, place: 'in-diff' });
  });

  test('is looked for within bounds', () => {
    const many = '+os.system(name)\n'.repeat(20_000) + '+end';
    const begun = process.cpuUsage().user;
    expect(one({}, file(many, 'os.system(name)\n'.repeat(20_000)))).toBe('there-before');
    expect((process.cpuUsage().user - begun) / 1e6).toBeLessThan(5);
  });
});

describe('a path', () => {
  const named = (repo: string) => file('+os.system(name)', undefined, 'app/run.py', repo);

  test.each(['app/run.py', './app/run.py', 'a/app/run.py', 'b/app/run.py'])(
    '%s is found',
    (path) => {
      expect(one({ path }, named(''))).toMatchObject({ path: 'app/run.py', repo: '' });
    },
  );

  test('names a file of one of several repositories', () => {
    const repos = [named('web'), named('api')];
    expect(one({ path: 'api/app/run.py' }, ...repos)).toMatchObject({ repo: 'api' });
    expect(one({ path: 'app/run.py' }, ...repos)).toBe('unknown-file');
  });

  test.each(['/etc/passwd', '../app/run.py', 'run.py', ''])('%s is of no reviewed file', (path) => {
    expect(one({ path }, named(''))).toBe('unknown-file');
  });
});

test('the key outlives a move within the file and tells weaknesses apart', () => {
  const key = (claim: Partial<ModelFinding>, text: string) => {
    const found = one(claim, file(text));
    if (typeof found !== 'object') throw new Error(found);
    return 'key' in found ? found.key : '';
  };
  expect(key({}, '+os.system(name)')).toBe(key({}, '+x\n+  os.system(name)'));
  expect(key({}, '+os.system(name)')).not.toBe(
    key({ category: 'code-injection' }, '+os.system(name)'),
  );
});

describe('old code that lost its check', () => {
  const before =
    'def run(name):\n    check(name)\n    log()\n    os.system(name)\ndef other():\n    pass';

  test('is a finding, with less confidence', () => {
    const now = ' def run(name):\n-    check(name)\n     log()\n     os.system(name)';
    expect(one({}, file(now, before))).toMatchObject({
      line: 3,
      place: 'off-diff',
      confidence: 'low',
    });
  });

  test.each([
    [
      'in another function',
      ' def other():\n-    check(x)\n     pass\n def run(name):\n     os.system(name)',
    ],
    ['below the code', ' def run(name):\n     os.system(name)\n-    check(name)\n     log()'],
    [
      'far above it',
      ` def run(name):\n-    check(name)\n${'     log()\n'.repeat(40)}     os.system(name)`,
    ],
  ])('is none when the check was %s', (_, now) => {
    expect(one({}, file(now, before))).toBe('there-before');
  });

  test.each([
    ['taken away', 'a()\ncheck(x)\nsink(x)', 'a()\nsink(x)', [1]],
    ['moved', 'a()\ncheck(x)\nsink(x)', 'check(x)\na()\nsink(x)', []],
    ['laid out anew', 'a()\ncheck( x )\nsink(x)', 'a()\n  check( x )\nsink(x)', []],
    ['only a brace', 'a()\n}\nsink(x)', 'a()\nsink(x)', []],
  ])('a line that is %s', (_, then, now, gaps) => {
    const [prepared] = prepareFiles([changed('a.py', then, now)], newRedactor()).files;
    expect(prepared?.original.gaps).toEqual(gaps);
  });
});
