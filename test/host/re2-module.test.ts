import { expect, test } from 'vitest';
import { prepareModule } from '../../host/re2-module.ts';

test('another module than that of re2-wasm 1.0.2 is refused, with what was expected and what was got', () => {
  expect(() => prepareModule(new Uint8Array([0, 97, 115, 109]))).toThrow(
    /^expected the module of re2-wasm 1\.0\.2, sha256 [0-9a-f]{64}; got sha256 [0-9a-f]{64}$/,
  );
});
