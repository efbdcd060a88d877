/** Modules written by hand, run. */
import { expect, test } from 'vitest';
import {
  add,
  constant,
  type FunctionCode,
  get,
  leave,
  loop,
  low,
  longConstant,
  moduleCode,
  more,
  set,
  subtract,
} from '../../../engine/prefilter/wasm-code.ts';
import { compileBytes, runtimeOf } from '../../../host/wasm.ts';

function run(code: FunctionCode, ...values: readonly number[]): unknown {
  const exports: object = runtimeOf(compileBytes(moduleCode(1, [], [code]))).instantiate({});
  const made: unknown = Reflect.get(exports, code.name);
  if (typeof made !== 'function') throw new Error(`no function ${code.name}`);
  return (made as (...values: readonly number[]) => unknown)(...values);
}

test('a loop that adds', () => {
  const sum: FunctionCode = {
    name: 'sum',
    parameters: ['count'],
    locals: ['total'],
    body: [
      loop(
        'each',
        set('total', add(get('total'), get('count'))),
        set('count', subtract(get('count'), constant(1))),
        leave('each', more(get('count'), constant(0))),
      ),
      get('total'),
    ],
  };
  expect(run(sum, 10)).toBe(55);
});

test.each([0, 1, -1, 63, 64, -64, -65, 8191, 8192, 0x7fffffff, -0x80000000])(
  'the number %i',
  (value) => {
    expect(run({ name: 'f', parameters: [], body: [constant(value)] })).toBe(value);
    expect(run({ name: 'f', parameters: [], body: [low(longConstant(BigInt(value)))] })).toBe(
      value,
    );
  },
);

test.each([
  ['a local', get('other'), 'there is no "other" among the locals'],
  ['a label', leave('other'), 'there is no "other" among the labels'],
])('%s that is not there', (_, body, message) => {
  expect(() => moduleCode(1, [], [{ name: 'f', parameters: ['one'], body: [body] }])).toThrow(
    message,
  );
});
