/**
 * What the engine needs of WebAssembly. The caller compiles the module and hands it over in this shape,
 * because some hosts neither have a `WebAssembly` global nor compile synchronously.
 */

import type { Re2Snapshot } from './snapshot.ts';

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** Grows by pages of 64 KiB; throws when that is not possible. */
  grow(pages: number): number;
}

export interface WasmTable {
  get(index: number): unknown;
}

export type WasmFunction = (...args: number[]) => number;

export interface WasmExports {
  readonly __indirect_function_table: WasmTable;
  readonly __wasm_call_ctors: WasmFunction;
  readonly malloc: WasmFunction;
  readonly free: WasmFunction;
  /** `(re2, text, start, end, anchor, submatch, submatches) -> found`: pieces are given by their address. */
  readonly 'RE2::Match': WasmFunction;
  /** `(program, text, context, anchor, kind, submatch, submatches) -> found`. */
  readonly 'Prog::SearchBitState': WasmFunction;
}

/** Imports by module and name: functions, and the one memory. */
export type WasmImports = Readonly<
  Record<string, Readonly<Record<string, WasmFunction | WasmMemory>>>
>;

export interface WasmRuntime {
  /** Largest size of the memory in pages that the module's import allows. */
  readonly maximumPages: number;
  /** Memory with patterns compiled by the build, made from the same module. */
  readonly snapshot?: Re2Snapshot;
  createMemory(initialPages: number, maximumPages: number): WasmMemory;
  /** A fresh instance of re2-wasm's module. */
  instantiate(imports: WasmImports): WasmExports;
}
