/** What is packed holds no secret and nothing hidden, and leads back to the files. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ModelFinding } from '../../orchestrator/finding.ts';
import { prepareFiles } from '../../orchestrator/pack-prepare.ts';
import { restored } from '../../orchestrator/pack-restore.ts';
import { byteLength, firstBytes, unvisible, visible } from '../../orchestrator/pack-text.ts';
import { DEFAULT_PACK_LIMITS, pack } from '../../orchestrator/pack.ts';
import { verify } from '../../orchestrator/verify.ts';
import { changed, newRedactor, packed, sha, wellFormed } from './pack-support.ts';
import { cpuMs } from '../support/cpu-time.ts';

describe('secrets and the way back', () => {
  const secret = ['ghp', 'Zq3vT8xLm2Kp9Rw4Ny7Bc5Hd6Jf1Gs0AeUoI'].join('_');

  test('no secret is in the pack: not added, not deleted, not context, not in a path', () => {
    const lines = (value: string) => `a\ntoken = "${value}"\nb\n`;
    const result = packed([
      changed('added.py', '', lines(secret)),
      changed('deleted.py', lines(secret), undefined),
      changed('context.py', lines(secret), lines(secret).replace('b', 'c')),
      changed(`${secret}.py`, '', 'x\n', { oldPath: `old/${secret}`, repo: secret }),
      changed('plain.py', '', `f(${secret})\n# ${secret}\n`),
    ]);
    expect(result.text).not.toContain(secret);
    expect(result.text.match(/SG_REDACTED_github-token_[0-9a-f]{16}/g)).toHaveLength(8);
    expect(result.files).toHaveLength(5);
  });

  test('none gets into a pack wherever it stands, before or after', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'a',
        'b',
        '}',
        `x = "${secret}"`,
        `${secret}\r`,
        `# ${secret} `,
        `\u202E${secret}`,
      ),
      fc.string({ unit: 'binary', maxLength: 12 }).map(wellFormed),
    );
    const content = fc.array(line, { maxLength: 20 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(content, content, fc.integer({ min: 500, max: 2_000 }), (before, after, size) => {
        const limits = { perFile: size, total: size };
        const { text } = packed([changed('a.py', before, after)], { limits });
        expect(text).not.toContain(secret);
        expect(text).not.toMatch(/[\p{Cs}\p{Bidi_Control}]/u);
      }),
      { numRuns: 200 },
    );
  });

  test('a file that cannot be redacted is left out', () => {
    const keys = Array.from({ length: 1001 }, (_, i) => `AKIA${String(i).padStart(16, '0')}`).join(
      '\n',
    );
    const result = prepareFiles(
      [changed('a.py', '', keys), changed('b.py', '', 'x')],
      newRedactor(),
    );
    expect(result.files.map(({ path }) => path)).toEqual(['b.py']);
    expect(result.left).toEqual([
      { path: 'a.py', reason: 'not sent: it holds more than 1000 secrets' },
    ]);
  });

  test('a quote of what was sent is found in the file', () => {
    const redactor = newRedactor();
    const source = `x = 1\nclient("${secret}", "\u202Eevil")\n`;
    const { files } = prepareFiles(
      [changed('we\u200Bird.py', 'x = 1\n', source, { repo: 'r' })],
      redactor,
    );
    const shown = pack(files, {
      limits: DEFAULT_PACK_LIMITS,
      basis: [],
      clean: new Set(),
      hash: sha,
    });
    const line = shown.text.split('\n').find((each) => each.includes('client(')) ?? '';
    const finding: ModelFinding = {
      path: shown.text.slice('file: '.length, shown.text.indexOf('\n')),
      quote: line,
      symbol: '',
      category: 'hard-coded-credential',
      severity: 'high',
      confidence: 'high',
      title: `uses ${line.slice(12, 30)}`,
      attack: 'a',
      fix: 'f',
    };
    const back = restored(finding, redactor);
    expect(back.quote).toBe(`client("${secret}", "\u202Eevil")`);
    expect(back.title).toBe(finding.title);
    const { kept } = verify([back], shown.files, sha);
    expect(kept).toMatchObject([{ repo: 'r', path: 'we\u200Bird.py', line: 2, place: 'in-diff' }]);
  });
});

describe('characters', () => {
  test('visible is undone exactly', () => {
    const odd = fc.constantFrom(
      '⟦',
      '⟧',
      'U+',
      '⟦U+0041⟧',
      '\u202E',
      '\u0000',
      '\uD800',
      '😀',
      '\u{E0020}',
    );
    const text = fc
      .array(fc.oneof(odd, fc.string({ unit: 'binary' })))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (value) => {
        expect(unvisible(visible(value))).toBe(value);
        expect(visible(value)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Cs}]/u);
      }),
    );
  });

  test('bytes are counted and cut as UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, most) => {
        expect(byteLength(text)).toBe(Buffer.byteLength(text));
        const cut = firstBytes(wellFormed(text), most);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(most);
        expect(wellFormed(cut)).toBe(cut);
        expect(wellFormed(text).startsWith(cut)).toBe(true);
      }),
    );
  });
});

test('hostile content is packed in bounded time', () => {
  const cases = [
    changed('one-line.js', '', 'x'.repeat(1_000_000)),
    changed('lines.py', '', '\n'.repeat(1_000_000)),
    changed('quotes.py', '', 'token="'.repeat(120_000)),
    changed('keys.py', '', '-----BEGIN PRIVATE KEY-----\n'.repeat(30_000)),
    changed('marks.py', '', 'SG_REDACTED_'.repeat(130_000)),
    changed('bidi.py', '', '\u202E'.repeat(300_000)),
    changed('names.py', '', 'secret_token_password_'.repeat(45_000)),
    changed('urls.py', '', 'a://b:'.repeat(150_000)),
  ];
  for (const file of cases) {
    const start = cpuMs();
    const result = packed([file]);
    expect([file.path, cpuMs() - start < 15_000]).toEqual([file.path, true]);
    expect(result.bytes).toBeLessThanOrEqual(DEFAULT_PACK_LIMITS.perFile);
  }
});
