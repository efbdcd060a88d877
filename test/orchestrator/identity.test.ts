/** When two findings are the same one. */
import { expect, test } from 'vitest';
import { isSame, keyOf } from '../../orchestrator/identity.ts';
import { sha } from './pack-support.ts';

const ONE = { path: 'a.py', cwe: 'CWE-78', quote: 'x = 1\n  os.system(x)', symbol: 'run' };

test.each([
  ['itself', {}, true],
  ['with other white space', { quote: 'x  =  1\n\nos.system(x)\n' }, true],
  ['with fewer lines', { quote: 'os.system(x)' }, true],
  ['with more lines', { quote: 'def run():\n x = 1\n os.system(x)' }, true],
  ['without a symbol', { symbol: '' }, true],
  ['in another symbol', { symbol: 'walk' }, false],
  ['in another file', { path: 'b.py' }, false],
  ['of another weakness', { cwe: 'CWE-22' }, false],
  ['with other code', { quote: 'os.popen(x)' }, false],
])('%s', (_, more, expected) => {
  expect(isSame(ONE, { ...ONE, ...more })).toBe(expected);
  expect(isSame({ ...ONE, ...more }, ONE)).toBe(expected);
});

test('a key is by content, and does not run its parts together', () => {
  const key = (more: Partial<typeof ONE>): string => keyOf({ ...ONE, repo: '', ...more }, sha);
  expect(key({})).toMatch(/^[0-9a-f]{64}$/);
  expect(key({ quote: ' x = 1\r\nos.system( x)'.replace('( ', '(') })).toBe(key({}));
  expect(key({ symbol: '', quote: `${ONE.quote}run` })).not.toBe(key({}));
});
