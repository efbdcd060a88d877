/** Takes a snapshot; a part of the build. */
import { Re2Instance } from './instance.ts';
import type { TakenSnapshot } from './snapshot.ts';
import type { WasmMemory, WasmRuntime } from './runtime.ts';

/** By pattern, valid UTF-8 like that which it will be tried on. */
export type Samples = ReadonlyMap<string, readonly Uint8Array[]>;

/** An instance whose memory already holds `patterns`. Those that RE2 refuses are left out. */
export function snapshotOf(
  runtime: WasmRuntime,
  patterns: Iterable<string>,
  samples: Samples = new Map(),
): TakenSnapshot {
  let memory: WasmMemory | undefined;
  let fresh = new Uint8Array(0);
  const instance = new Re2Instance({
    ...runtime,
    createMemory: (initial, maximum) => (memory = runtime.createMemory(initial, maximum)),
    instantiate: (imports) => {
      const exports = runtime.instantiate(imports);
      return {
        ...exports,
        __wasm_call_ctors: () => {
          const result = exports.__wasm_call_ctors();
          fresh = new Uint8Array(memory?.buffer ?? new ArrayBuffer(0)).slice();
          return result;
        },
      };
    },
  });
  return instance.snapshot(fresh, patterns, samples);
}
