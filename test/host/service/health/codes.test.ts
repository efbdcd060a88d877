import { describe, expect, it } from 'vitest';
import {
  codeEntry,
  codeNamed,
  codeOfErrno,
  codeOfNumber,
  CODES,
  phaseNamed,
  PHASES,
} from '../../../../host/service/health/codes.ts';
import {
  codeOf,
  errnoOf,
  failureLine,
  StartError,
  startErrorOf,
} from '../../../../host/service/health/start-error.ts';
import { compileBytes } from '../../../../host/wasm.ts';

describe('the tables', () => {
  // Health files of older versions are read by newer ones: rows are added, never changed or removed.
  it('keep every number at its meaning', () => {
    expect(CODES.map(({ number, name }) => `${number} ${name}`)).toEqual([
      '1 missing-runtime',
      '2 permission',
      '3 disk-full',
      '4 read-only',
      '5 socket-path-too-long',
      '6 stale-socket',
      '7 address-in-use',
      '8 version-mismatch',
      '9 out-of-memory',
      '10 killed-by-signal',
      '11 timeout',
      '12 not-a-directory',
      '13 not-owned',
      '14 folder-gone',
      '15 too-many-files',
      '16 no-threads',
      '17 missing-file',
      '18 corrupt-file',
      '19 cooldown',
      '20 runtime-too-old',
      '21 not-private',
      '22 lock-held',
      '23 bad-reply',
      '24 ended',
      '25 link-loop',
      '26 io-error',
      '27 refused',
      '28 unsupported',
      '99 uncategorised',
    ]);
    expect(PHASES.map(({ number, name }) => `${number} ${name}`)).toEqual([
      '1 find-runtime',
      '2 spawn',
      '3 lock',
      '4 listen',
      '5 wasm',
      '6 rules',
      '7 pool',
      '8 handshake',
    ]);
  });

  it('have each number and name once, and words for people', () => {
    for (const table of [CODES, PHASES]) {
      expect(new Set(table.map(({ number }) => number)).size).toBe(table.length);
      expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
    }
    for (const { name, meaning, action } of CODES) {
      expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(meaning).toMatch(/[a-z)]$/);
      expect(action.length).toBeGreaterThan(10);
      expect(action).not.toMatch(/\.$/);
    }
  });

  it('are found by name and by number', () => {
    expect(codeEntry('disk-full')).toMatchObject({ number: 3 });
    expect(codeOfNumber(10)).toBe('killed-by-signal');
    expect(codeOfNumber(98)).toBeUndefined();
    expect(codeNamed('toString')).toBeUndefined();
    expect(phaseNamed('wasm')).toBe('wasm');
    expect(phaseNamed('')).toBeUndefined();
    expect(codeOfErrno('constructor')).toBeUndefined();
  });
});

const withCode = (code: string): Error => Object.assign(new Error(code), { code });

describe('codeOf', () => {
  it.each<[string, unknown, string]>([
    ['EACCES', withCode('EACCES'), 'permission'],
    ['ENOSPC', withCode('ENOSPC'), 'disk-full'],
    ['EROFS', withCode('EROFS'), 'read-only'],
    ['ENAMETOOLONG', withCode('ENAMETOOLONG'), 'socket-path-too-long'],
    ['EADDRINUSE', withCode('EADDRINUSE'), 'address-in-use'],
    ['EMFILE', withCode('EMFILE'), 'too-many-files'],
    ['EAGAIN', withCode('EAGAIN'), 'no-threads'],
    ['a thread that does not start', withCode('ERR_WORKER_INIT_FAILED'), 'no-threads'],
    ['its cause', new Error('outer', { cause: withCode('ENOTDIR') }), 'not-a-directory'],
    [
      'a StartError inside',
      new Error('x', { cause: new StartError('wasm', 'timeout') }),
      'timeout',
    ],
    [
      'wasm memory',
      new RangeError('WebAssembly.Memory(): could not allocate memory'),
      'out-of-memory',
    ],
    ['another RangeError', new RangeError('Invalid array length'), 'uncategorised'],
    ['an unknown errno', withCode('EWHATEVER'), 'uncategorised'],
    ['no error', 'text', 'uncategorised'],
    ['nothing', undefined, 'uncategorised'],
  ])('%s', (_name, error, code) => {
    expect(codeOf(error)).toBe(code);
  });

  it('knows a module that is damaged', () => {
    let thrown: unknown;
    try {
      compileBytes(Buffer.from('no wasm'));
    } catch (error) {
      thrown = error;
    }
    expect(codeOf(thrown)).toBe('corrupt-file');
  });

  it('ends on a ring of causes', () => {
    const [a, b] = [new Error('a'), new Error('b')];
    a.cause = b;
    b.cause = a;
    expect(codeOf(a)).toBe('uncategorised');
  });
});

describe('StartError', () => {
  it('keeps phase and code, and the message of its cause', () => {
    const cause = withCode('EACCES');
    const error = startErrorOf('listen', cause);
    expect(error).toMatchObject({ phase: 'listen', code: 'permission', message: 'EACCES', cause });
    expect(startErrorOf('pool', error)).toBe(error);
    expect(new StartError('lock', 'not-owned').message).toBe('not-owned');
    expect(errnoOf(error.cause)).toBe('EACCES');
  });

  it('takes what the plugin lacks for a fault of the plugin', () => {
    expect(startErrorOf('rules', withCode('ENOENT')).code).toBe('missing-file');
    expect(startErrorOf('wasm', new TypeError('odd')).code).toBe('corrupt-file');
    expect(startErrorOf('rules', new SyntaxError('Unexpected token')).code).toBe('corrupt-file');
    expect(startErrorOf('rules', withCode('EMFILE')).code).toBe('too-many-files');
    expect(startErrorOf('lock', withCode('ENOENT')).code).toBe('folder-gone');
    expect(startErrorOf('pool', new TypeError('odd')).code).toBe('uncategorised');
  });

  it('is one line on stderr', () => {
    const cause = Object.assign(new TypeError('a\nb\r\nc'), { code: 'EROFS' });
    expect(failureLine(startErrorOf('lock', cause))).toBe(
      'sg-service: lock: read-only: [TypeError EROFS] a b c\n',
    );
    expect(failureLine(new StartError('rules', 'missing-file'))).toBe(
      'sg-service: rules: missing-file: missing-file\n',
    );
  });
});
