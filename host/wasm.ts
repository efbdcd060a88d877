/** Loads re2-wasm's module, as the build prepares it, for the engine. */
import { existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { WasmExports, WasmRuntime } from '../engine/re2/runtime.ts';
import { openSnapshot, type Re2Snapshot } from '../engine/re2/snapshot.ts';

/** 1 GiB less one page: the largest maximum that fits the two bytes that the module has for it. */
export const MAXIMUM_PAGES = 16383;

/** Wraps a compiled module; `maximumPages` must be what the module declares. Throws for anything else. */
export function runtimeOf(
  module: unknown,
  maximumPages: number = MAXIMUM_PAGES,
  snapshot?: Re2Snapshot,
): WasmRuntime {
  if (!(module instanceof WebAssembly.Module))
    throw new TypeError('expected a compiled WebAssembly module');
  return {
    maximumPages,
    ...(snapshot === undefined ? {} : { snapshot }),
    createMemory: (initial, maximum) => new WebAssembly.Memory({ initial, maximum }),
    instantiate: (imports) =>
      // The exports are those of re2-wasm; the instance's self-test would catch another module.
      new WebAssembly.Instance(module, imports).exports as unknown as WasmExports,
  };
}

/**
 * Compiles the module in `file` as the build wrote it: memory limit already raised. `snapshotFile` holds the built-in
 * patterns, compiled; without it they are compiled when they are needed.
 */
export function loadWasm(file: string, snapshotFile?: string): WasmRuntime {
  const present = snapshotFile !== undefined && existsSync(snapshotFile);
  const snapshot = present ? readSnapshot(openSnapshotFile(snapshotFile)) : undefined;
  return runtimeOf(compileWasm(file), MAXIMUM_PAGES, snapshot);
}

/** A snapshot's file as it was when it was opened; it stays open, and threads may share it. */
export interface SnapshotFile {
  readonly descriptor: number;
  readonly size: number;
  readonly mtimeMs: number;
}

export function openSnapshotFile(file: string): SnapshotFile {
  const descriptor = openSync(file, 'r');
  const { size, mtimeMs } = fstatSync(descriptor);
  return { descriptor, size, mtimeMs };
}

/**
 * Reads its head; the rest goes from the file into an instance's memory, and into no other. Throws, then or later, when the
 * file is no longer what it was: the module that is in use would not fit.
 */
export function readSnapshot({ descriptor, size, mtimeMs }: SnapshotFile): Re2Snapshot {
  return openSnapshot((at, into) => {
    let done = 0;
    while (done < into.length) {
      const count = readSync(descriptor, into, done, into.length - done, at + done);
      if (count === 0) break;
      done += count;
    }
    const now = fstatSync(descriptor);
    if (done < into.length || now.size !== size || now.mtimeMs !== mtimeMs)
      throw new Error('the file of compiled patterns was changed while it was in use');
  }, size);
}

/** `loadWasm` when it is first needed, and never again: an instance that is replaced shares the code. */
export function lazyWasm(file: string, snapshotFile?: string): () => WasmRuntime {
  let runtime: WasmRuntime | undefined;
  return () => (runtime ??= loadWasm(file, snapshotFile));
}

/** Compiled but not instantiated; may be posted to worker threads and given to `runtimeOf`. */
export function compileWasm(file: string): unknown {
  return compileBytes(readFileSync(file));
}

export function compileBytes(module: Uint8Array): unknown {
  return new WebAssembly.Module(module);
}
