import { describe, expect, it } from 'vitest';
import type { Finding } from '../../engine/finding.ts';
import { relativeUri } from '../../cli/report/sarif-log.ts';
import { sarifWriter } from '../../cli/report/sarif.ts';
import { FINDINGS, finding, SUPPRESSED, TROUBLE, written } from './helpers/report.ts';
import { sarifErrors } from './helpers/sarif.ts';

const sarif = (...args: [readonly Finding[], Parameters<typeof written>[2]?]): string =>
  written((frame) => sarifWriter(frame, true), ...args);

describe('a SARIF log', () => {
  it.each([
    ['no findings', sarif([])],
    ['findings', sarif(FINDINGS)],
    ['everything', sarif(FINDINGS, { suppressed: SUPPRESSED, binaries: 1, ...TROUBLE })],
    ['a lone surrogate in a path', sarif([finding('a\ud800/é ü.py', 1, 'eval(x)')])],
  ])('is valid SARIF 2.1.0: %s', (_name, text) => {
    expect(sarifErrors(text)).toBeNull();
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  });
});

describe('relativeUri', () => {
  it.each([
    ['src/a b.py', 'src/a%20b.py'],
    ['a:b/c#d?e%.py', 'a%3Ab/c%23d%3Fe%25.py'],
    ['ü\n.py', '%C3%BC%0A.py'],
    ['back\\slash', 'back%5Cslash'],
  ])('encodes %j', (path, uri) => expect(relativeUri(path)).toBe(uri));
});
