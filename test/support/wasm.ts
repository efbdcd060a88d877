/** re2-wasm for tests: with room to grow, and with as much as it has when it is published. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { WasmRuntime } from '../../engine/re2/runtime.ts';
import { prepareModule } from '../../host/re2-module.ts';
import { compileBytes, runtimeOf } from '../../host/wasm.ts';

const require = createRequire(import.meta.url);
const published = readFileSync(require.resolve('re2-wasm/build/wasm/re2.wasm'));
const PUBLISHED_PAGES = 256;

export function testRuntime(): WasmRuntime {
  return runtimeOf(compileBytes(prepareModule(published)));
}

/** 16 MiB and no more. */
export function smallRuntime(): WasmRuntime {
  return runtimeOf(compileBytes(prepareModule(published, PUBLISHED_PAGES)), PUBLISHED_PAGES);
}
