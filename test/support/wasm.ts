/** re2-wasm for tests: with room to grow, as published, and through its own JavaScript glue. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { WasmRuntime } from '../../engine/re2/runtime.ts';
import { compileBytes, publishedRuntime, raiseMemoryLimit, runtimeOf } from '../../host/wasm.ts';

const require = createRequire(import.meta.url);
const file = require.resolve('re2-wasm/build/wasm/re2.wasm');

export function testRuntime(): WasmRuntime {
  return runtimeOf(compileBytes(raiseMemoryLimit(readFileSync(file))));
}

/** 16 MiB and no more. */
export function smallRuntime(): WasmRuntime {
  return publishedRuntime(file);
}
