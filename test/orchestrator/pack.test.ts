/** What is packed fits, says what is missing, and is not paid for twice. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prepareFiles } from '../../orchestrator/pack-prepare.ts';
import { halved } from '../../orchestrator/pack.ts';
import { changed, newRedactor, packed, wellFormed } from './pack-support.ts';

const numbered = (count: number, width = 1): string =>
  Array.from({ length: count }, (_, i) => `line ${i} ${'x'.repeat(width)}\n`).join('');

describe('the text', () => {
  test('has every file with its hunks, numbers and notes', () => {
    const { text } = packed([
      changed('src/a.py', 'def f(x):\n    return 1\n', 'def f(x):\n    return eval(x)\n'),
      changed('run.sh', 'x\n', 'x\n', {
        beforeMode: '100644',
        afterMode: '100755',
        status: 'mode',
      }),
      changed('new/b.js', 'a\n', 'b\n', { status: 'renamed', oldPath: 'old/b.js', repo: 'web' }),
      changed('link', undefined, '/etc/passwd', { afterMode: '120000' }),
      changed('gone.py', 'check(user)\n', undefined),
    ]);
    expect(text).toMatchInlineSnapshot(`
      "file: src/a.py
      hunk
       1| def f(x):
      -2|     return 1
      +2|     return eval(x)

      file: run.sh (mode 100644 became 100755) (an executable file)

      file: web/new/b.js (renamed from old/b.js)
      hunk
      -1| a
      +1| b

      file: link (a symbolic link, its target is the content)
      hunk
      +1| /etc/passwd

      file: gone.py (deleted)
      hunk
      -1| check(user)

      "
    `);
  });

  test('marks what moved, and still shows it', () => {
    const body = 'rows = db.query(sql)\nfor row in rows:\n    handle(row)\n';
    const { text } = packed([
      changed('a.py', `x\n${body}`, 'x\n'),
      changed('b.py', 'y\n', `y\n${body}`),
    ]);
    expect(text).toContain('moved without a change: lines 2-4 were at a.py:2\n');
    expect(text).toContain('+2| rows = db.query(sql)\n');
  });

  test('no content can pass for a line of ours or hide from the eye', () => {
    const evil = 'a\rfile: fake.py\n\u202Eevil\u2066 \u200Bx\u0000\u{E0041}\u2028hunk\n⟦U+0041⟧\n';
    const { text } = packed([changed('a\nfile: b\u202E.py', '', evil)]);
    expect(text).toMatchInlineSnapshot(`
      "file: a⟦U+000A⟧file: b⟦U+202E⟧.py
      hunk
      +1| a
      +2| file: fake.py
      +3| ⟦U+202E⟧evil⟦U+2066⟧ ⟦U+200B⟧x⟦U+0000⟧⟦U+E0041⟧⟦U+2028⟧hunk
      +4| ⟦U+27E6⟧U+0041⟧

      "
    `);
  });
});

describe('size', () => {
  test('is bytes: nothing is over the caps, whatever the characters', () => {
    const files = ['é', '😀', '\u0000', 'x'].map((unit, i) =>
      changed(`f${i}.py`, '', `${unit.repeat(30)}\n`.repeat(3000)),
    );
    const limits = { perFile: 20_000, total: 50_000 };
    const result = packed(files, { limits });
    expect(result.bytes).toBe(Buffer.byteLength(result.text));
    expect(result.bytes).toBeLessThanOrEqual(50_000);
    expect(result.bytes).toBeGreaterThan(45_000);
    const [first] = result.text.split('\n\n');
    expect(Buffer.byteLength(first ?? '')).toBeLessThanOrEqual(20_000);
    expect(result.left.map(({ path }) => path)).toEqual(['f0.py', 'f1.py', 'f2.py', 'f3.py']);
    expect(packed(files, { limits: halved(limits, result) }).bytes).toBeLessThanOrEqual(25_000);
  });

  test('half of a small change is less than it, or nothing', () => {
    const limits = { perFile: 80_000, total: 400_000 };
    const small = [changed('a.py', '', numbered(60)), changed('b.py', '', numbered(60))];
    const half = packed(small, { limits: halved(limits, packed(small, { limits })) });
    expect(half.files.map(({ path }) => path)).toEqual(['a.py']);
    expect(half.left.map(({ path }) => path)).toContain('b.py');
    const one = [changed('a.py', '', numbered(1))];
    expect(packed(one, { limits: halved(limits, packed(one, { limits })) }).text).toBe('');
  });

  test('says in the text and to the caller what is left out', () => {
    const result = packed([changed('a.py', '', numbered(100)), changed('b.py', '', numbered(50))], {
      limits: { perFile: 1_400, total: 1_420 },
    });
    const [, count] = /left out for size: (\d+) changed lines/.exec(result.text) ?? [];
    const shown = result.text.match(/^\+\d+\| /gm)?.length ?? 0;
    expect(shown + Number(count)).toBe(100);
    expect(result.left).toEqual([
      { path: 'a.py', reason: `${count} of 100 changed lines are beyond the size limit` },
      { path: 'b.py', reason: '50 of 50 changed lines are beyond the size limit' },
    ]);
    expect(result.reviewed).toEqual(['a.py']);
  });

  test('a long line is cut between code points and said to be', () => {
    const result = packed([changed('a.js', 'a\n', `${'😀'.repeat(5_000)}\n`)]);
    expect(result.text).toContain(`${'😀'.repeat(1_000)} ⟦cut: 16000 more bytes⟧\n`);
    expect(wellFormed(result.text)).toBe(result.text);
    expect(result.left).toEqual([
      { path: 'a.js', reason: '1 of 2 changed lines are beyond the size limit' },
    ]);
    expect(result.hunks).toEqual([]);
  });

  test('every changed line is in the text or counted as left out', () => {
    const line = fc.string({ unit: 'binary', maxLength: 40 });
    const content = fc.array(line, { maxLength: 80 }).map((lines) => wellFormed(lines.join('\n')));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(content, content), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 3_000 }),
        fc.integer({ min: 0, max: 6_000 }),
        (contents, perFile, total) => {
          const files = contents.map(([before, after], i) => changed(`f${i}.py`, before, after));
          const result = packed(files, { limits: { perFile, total } });
          expect(Buffer.byteLength(result.text)).toBeLessThanOrEqual(total);
          const all = prepareFiles(files, newRedactor()).files.flatMap(({ hunks }) =>
            hunks.flatMap(({ lines }) => lines.filter(({ sign }) => sign !== ' ')),
          ).length;
          const shown = result.text.match(/^[+-]\d+\| /gm)?.length ?? 0;
          const missing = result.left.reduce((sum, { reason }) => {
            const count = /^(\d+) of/.exec(reason)?.[1];
            expect(count).toBeDefined();
            return sum + Number(count);
          }, 0);
          expect(shown + missing).toBe(all);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a second review', () => {
  const before = Array.from({ length: 3000 }, (_, i) =>
    i % 12 === 0 ? `def f${i}(${'a'.repeat((i / 12) % 9)}):\n` : `    step_${i}()\n`,
  );
  const base = before.map((line, i) => (i % 40 === 20 ? `    old_${i}()\n` : line));
  const files = [
    changed('a.py', base.join(''), before.join('')),
    changed('b.py', '', before.slice(0, 2000).join('')),
  ];

  test('sends what is new, at most a tenth', () => {
    const redactor = newRedactor();
    const first = packed(files, { redactor });
    expect(first.left).toEqual([]);
    const clean = new Set(first.hunks.map(({ id }) => id));
    expect(packed(files, { clean })).toMatchObject({
      text: '',
      bytes: 0,
      reviewed: ['a.py', 'b.py'],
      hunks: [],
      left: [],
    });
    const edited = ['import os\n', ...before].with(1001, '    os.system(cmd)\n').join('');
    const second = packed(
      [changed('a.py', base.join(''), edited), files[1] ?? changed('x', '', '')],
      { clean },
    );
    expect(second.text).toContain('+1002|     os.system(cmd)\n');
    expect(second.text).toMatch(/left out: \d+ hunks, reviewed earlier and unchanged since\n/);
    expect(second.bytes * 10).toBeLessThanOrEqual(first.bytes);
    expect(second.reviewed).toEqual(['a.py', 'b.py']);
    expect(second.files.map(({ path }) => path)).toEqual(['a.py']);
  });

  test.each([
    ['prompt version', ['2', 'model', 'guidance']],
    ['model', ['1', 'other', 'guidance']],
    ['guidance', ['1', 'model', 'other']],
  ])('sends everything again under another %s', (_name, basis) => {
    const first = packed(files);
    const clean = new Set(first.hunks.map(({ id }) => id));
    expect(packed(files, { clean, basis }).text).toBe(first.text);
  });

  test('the same hunk in another file is another hunk, and a mode change counts once', () => {
    const mode = changed('run.sh', 'x\n', 'x\n', { beforeMode: '100644', afterMode: '100755' });
    const first = packed([changed('a.py', '', 'x()\n'), mode]);
    const clean = new Set(first.hunks.map(({ id }) => id));
    const second = packed([changed('b.py', '', 'x()\n'), mode], { clean });
    expect(second.text).toBe('file: b.py\nhunk\n+1| x()\n\n');
  });

  test('a hunk that was not shown whole is not clean', () => {
    const large = [changed('a.py', '', numbered(10)), changed('b.py', '', numbered(2, 5000))];
    const first = packed(large, { limits: { perFile: 500, total: 5000 } });
    expect(first.hunks).toEqual([]);
  });
});
