/** The engine runs where there is nothing but the language: no Node, no web platform. */
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { rule, runtime } from './scan-text.ts';

const ENTRY = fileURLToPath(new URL('../../engine/scanner.ts', import.meta.url));

async function bundle(): Promise<string> {
  const build = await rolldown({ input: ENTRY, platform: 'neutral' });
  const { output } = await build.generate({ format: 'iife', name: 'engine' });
  await build.close();
  expect(output).toHaveLength(1);
  return output[0].code;
}

test('a bundle of the scanner works with the globals of the language alone', async () => {
  const code = await bundle();
  const context = vm.createContext(Object.create(null) as object, {
    codeGeneration: { strings: false, wasm: false },
  });
  // A new context brings these two along, which a bare engine does not have.
  vm.runInContext('delete globalThis.WebAssembly; delete globalThis.console;', context);
  const absent = [
    'process',
    'Buffer',
    'TextDecoder',
    'TextEncoder',
    'console',
    'WebAssembly',
    'setTimeout',
    'performance',
    'require',
  ];
  for (const name of absent) expect(vm.runInContext(`typeof ${name}`, context)).toBe('undefined');
  vm.runInContext(code, context);
  vm.runInContext(
    `function scanAll(runtime, rulesJson) {
      const scanner = engine.createScanner({ rules: JSON.parse(rulesJson), wasm: () => runtime });
      const text = 'a = "é"\\neval(x)\\n# eval(y)\\n';
      const bytes = Uint8Array.from([...unescape(encodeURIComponent(text))].map((c) => c.charCodeAt(0)));
      return JSON.stringify({
        could: scanner.couldMatch('a.py', bytes),
        problems: scanner.problems,
        refused: scanner.verifyPatterns(),
        result: scanner.scan('a.py', bytes),
      });
    }`,
    context,
  );
  const scanAll = vm.runInContext('scanAll', context) as (
    wasm: typeof runtime,
    rules: string,
  ) => string;
  const rules = [
    rule('evil', '(?i)\\beval\\s*\\(', {
      in: ['code'],
      unless: [{ within: 'call', pattern: 'safe' }],
    }),
  ];
  expect(JSON.parse(scanAll(runtime, JSON.stringify(rules)))).toMatchObject({
    could: true,
    problems: [],
    refused: [],
    result: {
      findings: [{ ruleId: 'evil', start: { line: 2, column: 1, offset: 9 } }],
      suppressed: [],
      incomplete: [],
    },
  });
}, 60_000);
