/** The embind side of re2-wasm: what the module registers at start, and how its class is called. */
import { decodeUtf8 } from '../text/utf8.ts';
import type { WasmExports, WasmFunction, WasmImports, WasmMemory } from './runtime.ts';

interface Method {
  readonly invoker: number;
  readonly context: number;
}

const NOTHING = 0;

export class Bindings {
  private readonly memory: WasmMemory;
  private readonly fail: (message: string) => never;
  private readonly methods = new Map<string, Method>();
  private exports: WasmExports | undefined;
  private classType = 0;
  private constructors: Method | undefined;
  private getPointee = 0;
  private destructor = 0;

  constructor(memory: WasmMemory, fail: (message: string) => never) {
    this.memory = memory;
    this.fail = fail;
  }

  attach(exports: WasmExports): void {
    this.exports = exports;
  }

  /** `new WrappedRE2(pattern, false, false, false)`: flags stand in the pattern. Returns the shared pointer. */
  construct(wirePattern: number): number {
    const { invoker, context } = this.constructors ?? this.fail('no constructor was registered');
    return this.function(invoker)(context, wirePattern, 0, 0, 0);
  }

  pointee(shared: number): number {
    return this.function(this.getPointee)(shared);
  }

  destroy(shared: number): void {
    this.function(this.destructor)(shared);
  }

  /** Calls a method without arguments through embind's invoker. */
  call(name: string, pointer: number): number {
    const { invoker, context } = this.method(name);
    return this.function(invoker)(context, pointer);
  }

  /** Reads and frees a string that the module returned: a length, then the bytes. */
  readString(wire: number): string {
    const length = this.view().getUint32(wire, true);
    const text = decodeUtf8(new Uint8Array(this.memory.buffer, wire + 4, length));
    this.exports?.free(wire);
    return text;
  }

  imports(): WasmImports {
    const ignore = (): number => NOTHING;
    const abort = (what: string) => (): number => this.fail(what);
    const env: Record<string, WasmFunction | WasmMemory> = {
      memory: this.memory,
      __assert_fail: abort('an assertion of RE2 failed'),
      __cxa_allocate_exception: abort('RE2 threw an exception'),
      __cxa_throw: abort('RE2 threw an exception'),
      abort: abort('RE2 aborted'),
      __cxa_atexit: ignore,
      emscripten_memcpy_big: (to = 0, from = 0, count = 0) => {
        new Uint8Array(this.memory.buffer).copyWithin(to, from, from + count);
        return to;
      },
      emscripten_resize_heap: (bytes = 0) => this.grow(bytes >>> 0),
      _embind_register_class: (...args) => {
        if (this.latin1(args[10] ?? 0) === 'WrappedRE2') this.classType = args[0] ?? 0;
        return NOTHING;
      },
      _embind_register_smart_ptr: (...args) => {
        if (args[1] === this.classType) {
          this.getPointee = args[5] ?? 0;
          this.destructor = args[11] ?? 0;
        }
        return NOTHING;
      },
      _embind_register_class_constructor: (
        type,
        _count,
        _types,
        _signature,
        invoker = 0,
        context = 0,
      ) => {
        if (type === this.classType) this.constructors = { invoker, context };
        return NOTHING;
      },
      _embind_register_class_function: (
        type,
        name = 0,
        _count,
        _types,
        _signature,
        invoker = 0,
        context = 0,
      ) => {
        if (type === this.classType) this.methods.set(this.latin1(name), { invoker, context });
        return NOTHING;
      },
    };
    // Values go to JavaScript and back in the class's own search alone.
    const values = ['call', 'decref', 'incref', 'new_array', 'new_cstring', 'new_object'];
    for (const name of [...values, 'set_property', 'take_value'])
      env[`_emval_${name}`] = abort('unexpected call');
    const types = ['bool', 'emval', 'float', 'integer', 'memory_view', 'std_string', 'std_wstring'];
    const silent = [
      ...[...types, 'void'].map((type) => `_embind_register_${type}`),
      ...['destroy', 'init', 'rdlock', 'unlock', 'wrlock'].map((name) => `pthread_rwlock_${name}`),
      'setTempRet0',
      'strftime_l',
    ];
    for (const name of silent) env[name] = ignore;
    const wasi = {
      environ_get: ignore,
      environ_sizes_get: (count = 0, size = 0) => this.emptyEnvironment(count, size),
      fd_close: ignore,
      fd_seek: ignore,
      fd_write: ignore,
    };
    return { env, wasi_snapshot_preview1: wasi };
  }

  private grow(bytes: number): number {
    const missing = bytes - this.memory.buffer.byteLength;
    try {
      // At least 4 MiB at a time: growing detaches every view of the memory.
      this.memory.grow(Math.ceil(Math.max(missing, 1 << 22) / 65536));
      return 1;
    } catch {
      try {
        this.memory.grow(Math.ceil(Math.max(missing, 0) / 65536));
        return 1;
      } catch {
        return this.fail(`RE2's heap cannot grow to ${bytes} bytes`);
      }
    }
  }

  private emptyEnvironment(count: number, size: number): number {
    this.view().setUint32(count, 0, true);
    this.view().setUint32(size, 0, true);
    return NOTHING;
  }

  private method(name: string): Method {
    return this.methods.get(name) ?? this.fail(`no method ${name} was registered`);
  }

  private function(index: number): WasmFunction {
    const found = this.exports?.__indirect_function_table.get(index);
    if (typeof found !== 'function') return this.fail(`no function at table index ${index}`);
    return found as WasmFunction;
  }

  private view(): DataView {
    return new DataView(this.memory.buffer);
  }

  private latin1(pointer: number): string {
    const bytes = new Uint8Array(this.memory.buffer);
    let text = '';
    for (let at = pointer; (bytes[at] ?? 0) !== 0; at++)
      text += String.fromCharCode(bytes[at] ?? 0);
    return text;
  }
}
