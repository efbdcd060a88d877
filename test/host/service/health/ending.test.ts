import { describe, expect, it } from 'vitest';
import { explainEnding, signalOf } from '../../../../host/service/health/ending.ts';
import type { Exit } from '../../../../host/service/health/ending.ts';
import { failureLine, startErrorOf } from '../../../../host/service/health/start-error.ts';

const exit = (exitCode: number | null, signal: string | null = null): Exit => ({
  exitCode,
  signal,
});

describe('signalOf', () => {
  it.each<[Exit, string | undefined]>([
    [exit(0), undefined],
    [exit(1), undefined],
    [exit(null), undefined],
    [exit(null, 'SIGKILL'), 'SIGKILL'],
    [exit(134), 'SIGABRT'],
    [exit(137), 'SIGKILL'],
    [exit(139), 'SIGSEGV'],
    [exit(-9), 'SIGNAL9'],
    [exit(143), undefined],
  ])('%j: %s', (end, signal) => {
    expect(signalOf(end)).toBe(signal);
  });
});

describe('explainEnding', () => {
  const explain = (end: Exit, stderr: string): unknown => explainEnding(end, stderr, 'spawn', []);

  it('reads the line that the service writes', () => {
    const cause = Object.assign(new Error('bind /x/s'), { code: 'EADDRINUSE' });
    expect(explain(exit(1), `warning\n${failureLine(startErrorOf('listen', cause))}`)).toEqual({
      phase: 'listen',
      code: 'address-in-use',
      exceptionType: 'Error',
      errno: 'EADDRINUSE',
      exitCode: 1,
    });
    expect(explain(exit(1), 'sg-service: wasm: corrupt-file: not a module\n')).toMatchObject({
      phase: 'wasm',
      code: 'corrupt-file',
    });
  });

  it('takes a code that it does not know by its errno', () => {
    expect(explain(exit(1), 'sg-service: pool: brand-new: [Error ENOSPC] x')).toMatchObject({
      code: 'disk-full',
    });
    expect(explain(exit(1), 'sg-service: pool: brand-new: x')).toMatchObject({
      phase: 'pool',
      code: 'uncategorised',
    });
  });

  it.each<[string, Exit, string, string]>([
    ['a kill', exit(null, 'SIGKILL'), '', 'killed-by-signal'],
    ['137', exit(137), '', 'killed-by-signal'],
    [
      'no address space',
      exit(null, 'SIGTRAP'),
      '#\n# Fatal process OOM in Failed to reserve virtual memory for CodeRange\n#\n',
      'out-of-memory',
    ],
    [
      'no heap',
      exit(null, 'SIGABRT'),
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n',
      'out-of-memory',
    ],
    [
      'no module',
      exit(1),
      "node:internal/modules/cjs/loader:1210\nError: Cannot find module '/p/main.js'\n",
      'missing-file',
    ],
    [
      'a damaged script',
      exit(1),
      '/p/main.js:1\n{{{\nSyntaxError: Unexpected token\n',
      'corrupt-file',
    ],
    ['silence', exit(3), ' \n', 'ended'],
    ['anything else', exit(1), 'TypeError: odd\n', 'uncategorised'],
  ])('%s', (_name, end, stderr, code) => {
    expect(explain(end, stderr)).toMatchObject({ code, phase: 'spawn' });
  });

  it('gives a bucket and the exception to uncategorised ones alone', () => {
    expect(explain(exit(1), 'TypeError: odd\n    at x\n')).toEqual({
      phase: 'spawn',
      code: 'uncategorised',
      exceptionType: 'TypeError',
      exitCode: 1,
      bucket: expect.any(Number),
    });
    expect(explain(exit(137), 'x')).not.toHaveProperty('bucket');
  });
});
