import { describe, expect, it } from 'vitest';
import { hostileEdits } from '../../../bench/latency/hostile-edits.ts';
import { viewNotebook } from '../../../engine/notebook/view.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';

const BYTES = 50_000;

describe('hostile edits', () => {
  const edits = hostileEdits(BYTES, []);

  it('have names and paths of their own', () => {
    expect(new Set(edits.map(({ name }) => name)).size).toBe(edits.length);
    expect(new Set(edits.map(({ path }) => path)).size).toBe(edits.length);
  });

  it.each(edits)('$name has the size asked for, and a finding', ({ content }) => {
    expect(Buffer.byteLength(content)).toBeGreaterThanOrEqual(BYTES * 0.9);
    expect(Buffer.byteLength(content)).toBeLessThan(BYTES * 1.2);
    expect(content).toMatch(
      /\beval\(user_?[iI]nput\)|NODE_TLS_REJECT_UNAUTHORIZED=0|new Function\(userInput\)/,
    );
  });

  it.each(edits.filter(({ path, name }) => path.endsWith('.ipynb') && name !== 'notebook, deep'))(
    '$name is a notebook to the engine',
    ({ content }) => {
      expect(viewNotebook(encodeUtf8(content))).toBeDefined();
    },
  );
});
