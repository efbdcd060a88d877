import { describe, expect, test, vi } from 'vitest';
import { Re2Instance } from '../../../engine/re2/instance.ts';
import { snapshotOf } from '../../../engine/re2/snapshot-of.ts';
import { packSnapshot, unpackSnapshot } from '../../../engine/re2/snapshot.ts';
import { DEFAULT_RE2_LIMITS } from '../../../engine/re2/limits.ts';
import { Re2Store } from '../../../engine/re2/store.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { testRuntime } from '../../support/wasm.ts';

const PATTERNS = ['\\beval\\s*\\(', '(?i)secret_[0-9a-f]{4,8}', '日本|über', '[^)\\n]*\\bend\\b'];
const TEXT = encodeUtf8('eval (x) SECRET_00ff 日本 über some end é eval(');
const runtime = testRuntime();
const file = packSnapshot(snapshotOf(runtime, [...PATTERNS, '(']));

function matches(store: Re2Store): unknown[] {
  store.setText(TEXT);
  return PATTERNS.map((pattern) => store.search(pattern, [{ start: 0, end: TEXT.length }], 100));
}

describe('a snapshot', () => {
  const snapshot = unpackSnapshot(file);

  test('finds what freshly compiled patterns find', () => {
    const restored = matches(new Re2Store(() => ({ ...runtime, snapshot })));
    expect(restored).toEqual(matches(new Re2Store(() => runtime)));
    expect(restored).toHaveLength(PATTERNS.length);
  });

  test.each([1, 2, PATTERNS.length, 100])(
    'is not loaded before more than %i patterns are asked for, and finds the same',
    (compileFirst) => {
      const restore = vi.fn<typeof snapshot.restore>((memory) => snapshot.restore(memory));
      const late = { ...runtime, snapshot: { ...snapshot, restore } };
      const store = new Re2Store(() => late, { ...DEFAULT_RE2_LIMITS, compileFirst });
      const found = matches(store);
      expect(found).toEqual(matches(new Re2Store(() => runtime)));
      expect(matches(store)).toEqual(found);
      expect(restore).toHaveBeenCalledTimes(PATTERNS.length > compileFirst ? 1 : 0);
    },
  );

  test('brings the patterns, and leaves out what RE2 refuses', () => {
    for (const pattern of PATTERNS) expect(snapshot.handle(pattern)).toBeDefined();
    for (const pattern of ['(', '', `${PATTERNS[0]} `])
      expect(snapshot.handle(pattern)).toBeUndefined();
  });

  test('leaves the heap in order: more patterns compile beside it, and its own can be deleted', () => {
    const instance = new Re2Instance({ ...runtime, snapshot });
    for (let i = 0; i < 200; i++) expect(instance.compile(`word${i}[a-z]{1,40}x`).ok).toBe(true);
    for (const pattern of PATTERNS) {
      const handle = instance.known(pattern);
      expect(handle).toBeDefined();
      if (handle !== undefined) instance.delete(handle);
    }
    const compiled = instance.compile('x+');
    instance.load(encodeUtf8('axxb'));
    expect(compiled.ok && instance.find(compiled.handle, 0, 0, 4)).toEqual({ start: 1, end: 3 });
  });

  test('serves several instances, which do not share memory', () => {
    const [one, two] = [1, 2].map(() => new Re2Store(() => ({ ...runtime, snapshot })));
    if (one === undefined || two === undefined) throw new Error('no stores');
    expect(matches(one)).toEqual(matches(two));
    one.dispose();
    expect(matches(two)).toHaveLength(PATTERNS.length);
  });

  test.each([
    ['cut', file.subarray(0, file.length - 1)],
    ['with bytes after its end', new Uint8Array([...file, 0])],
    ['cut in its head', file.subarray(0, 30)],
  ])('that is %s is refused', (_, bytes) => {
    expect(() => unpackSnapshot(bytes)).toThrow(
      /a snapshot of \d+ bytes; its head (has|asks for) \d+/,
    );
  });

  test('compiles nothing that it brings', () => {
    const compile = vi.spyOn(Re2Instance.prototype, 'compile');
    matches(new Re2Store(() => ({ ...runtime, snapshot })));
    expect(compile).not.toHaveBeenCalled();
    compile.mockRestore();
  });
});
