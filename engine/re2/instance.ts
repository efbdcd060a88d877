/**
 * re2-wasm's module without its JavaScript glue.
 *
 * The glue builds functions from text, copies and converts the input for every call and reports code
 * points. Here the text is written into the module's memory once, and RE2's own functions search it there: a search
 * costs no copy whatever part of the text it covers. Patterns are compiled through the low-level class, whose bindings
 * (names, signatures, function pointers) are read from the module as it registers them.
 */
import { encodeUtf8, isContinuation, previousCodePoint } from '../text/utf8.ts';
import { Bindings } from './bindings.ts';
import { type SearchArea, Searcher } from './searcher.ts';
import type { Samples } from './snapshot-of.ts';
import { type Re2Handle, type Re2Snapshot, type TakenSnapshot, takeSnapshot } from './snapshot.ts';
import type { WasmExports, WasmMemory, WasmRuntime } from './runtime.ts';

const INITIAL_PAGES = 256;
const SELF_TEST_PATTERN = '(b)(b+)';
/** What it matches in the text of the self-test, and its groups. */
const SELF_TEST_RANGES: readonly ByteRange[] = [
  { start: 4, end: 6 },
  { start: 4, end: 5 },
  { start: 5, end: 6 },
];

const ABORTED = 'the instance aborted earlier';

/** The instance is unusable after this: its heap overflowed or its code aborted. */
export class Re2Abort extends Error {
  override readonly name = 'Re2Abort';
}

export type CompileResult =
  | { readonly ok: true; readonly handle: Re2Handle }
  | { readonly ok: false; readonly message: string };

/** Half-open byte range. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A match with its groups, when they were asked for; those that took no part are undefined. */
export interface Match extends ByteRange {
  readonly groups?: readonly (ByteRange | undefined)[];
}

export interface InstanceOptions {
  /** Whether it starts from the runtime's snapshot, where there is one; true when absent. */
  readonly usesSnapshot?: boolean;
  /** See `Re2Limits`. */
  readonly backtrackedBytes?: number;
}

export class Re2Instance {
  private readonly memory: WasmMemory;
  private readonly exports: WasmExports;
  private readonly bindings: Bindings;
  private readonly searcher: Searcher;
  /** Patterns of the snapshot that were asked for. */
  private readonly handles = new Map<string, Re2Handle>();
  private readonly origin: Re2Snapshot | undefined;
  private text: Uint8Array = new Uint8Array(0);
  private textPointer = 0;
  private textCapacity = 0;
  private broken = false;

  constructor(
    runtime: WasmRuntime,
    { usesSnapshot = true, backtrackedBytes }: InstanceOptions = {},
  ) {
    const snapshot = usesSnapshot ? runtime.snapshot : undefined;
    const pages = Math.max(INITIAL_PAGES, snapshot?.pages ?? 0);
    this.memory = runtime.createMemory(pages, runtime.maximumPages);
    this.bindings = new Bindings(this.memory, (message) => this.abort(message));
    this.exports = runtime.instantiate(this.bindings.imports());
    this.bindings.attach(this.exports);
    // The module's start is deterministic: what it registers lies where it lay when the snapshot was taken.
    this.exports.__wasm_call_ctors();
    snapshot?.restore(this.heap());
    this.searcher = new Searcher(this.memory, this.exports, {
      allocate: (bytes) => this.allocate(bytes),
      scratch: snapshot?.scratch,
      backtrackedBytes,
    });
    this.origin = snapshot;
    this.selfTest();
  }

  /** True after an abort; the owner drops the instance and makes another. */
  get isBroken(): boolean {
    return this.broken;
  }

  get heapBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** Bytes reserved for the text. */
  get textBytes(): number {
    return this.textCapacity;
  }

  /** A pattern that the snapshot brought. */
  known(pattern: string): Re2Handle | undefined {
    const handle = this.handles.get(pattern) ?? this.origin?.handle(pattern);
    if (handle !== undefined) this.handles.set(pattern, handle);
    return handle;
  }

  /** RE2's own message when the pattern does not compile. */
  compile(pattern: string): CompileResult {
    return this.guard(() => {
      const bytes = encodeUtf8(pattern);
      const wire = this.allocate(4 + bytes.length + 1);
      new DataView(this.memory.buffer).setUint32(wire, bytes.length, true);
      this.heap().set(bytes, wire + 4);
      const shared = this.bindings.construct(wire);
      this.exports.free(wire);
      const pointer = this.bindings.pointee(shared);
      if (this.bindings.call('ok', pointer) !== 0) return { ok: true, handle: { pointer, shared } };
      const message = this.bindings.readString(this.bindings.call('error', pointer));
      this.bindings.destroy(shared);
      return { ok: false, message };
    });
  }

  /** Compiles `patterns` and stores what the memory then holds; `fresh` is what it held at the start. */
  snapshot(fresh: Uint8Array, patterns: Iterable<string>, samples: Samples): TakenSnapshot {
    const handles = new Map<string, Re2Handle>();
    for (const pattern of [SELF_TEST_PATTERN, ...patterns]) {
      if (handles.has(pattern)) continue;
      const result = this.compile(pattern);
      if (!result.ok) continue;
      handles.set(pattern, result.handle);
      for (const sample of samples.get(pattern) ?? []) this.practise(result.handle, sample);
    }
    // What each instance begins with.
    this.selfTest(handles.get(SELF_TEST_PATTERN));
    this.heap().fill(0, this.textPointer, this.textPointer + this.textCapacity);
    this.trim(0);
    return takeSnapshot(fresh, this.heap(), this.searcher.scratch, handles);
  }

  /** Finds all that there is in `text`: RE2 builds its automata from what it meets. */
  private practise(handle: Re2Handle, text: Uint8Array): void {
    this.load(text);
    let from = 0;
    while (from <= text.length) {
      const match = this.find(handle, from, 0, text.length);
      if (match === undefined) break;
      from = Math.max(match.end, from + 1);
    }
  }

  delete(handle: Re2Handle): void {
    this.guard(() => this.bindings.destroy(handle.shared));
    this.searcher.forget(handle.pointer);
  }

  /** Puts a text (valid UTF-8) into memory for the searches that follow. */
  load(text: Uint8Array): void {
    this.guard(() => {
      if (text.length + 1 > this.textCapacity) {
        if (this.textPointer !== 0) this.exports.free(this.textPointer);
        this.textPointer = 0;
        this.textCapacity = 0;
        const capacity = Math.max(text.length + 1, 1 << 16);
        this.textPointer = this.allocate(capacity);
        this.textCapacity = capacity;
      }
      this.heap().set(text, this.textPointer);
      this.text = text;
    });
  }

  /** Gives the text's memory back when it is larger than `bytes`. */
  trim(bytes: number): void {
    if (this.textCapacity <= bytes || this.broken) return;
    this.exports.free(this.textPointer);
    this.textPointer = 0;
    this.textCapacity = 0;
    this.text = new Uint8Array(0);
  }

  /**
   * Leftmost match in the loaded text that begins at or after `from`, seen as if the text were only
   * `[windowStart, windowEnd)`: `^`, `$` and `\b` look no further. All three lie on code point boundaries.
   * `groups` is how many the pattern has, when the ranges of them are wanted. `anchored`: only a match that begins at
   * `from`.
   */
  find(
    handle: Re2Handle,
    from: number,
    windowStart: number,
    windowEnd: number,
    groups?: number,
    anchored = false,
  ): Match | undefined {
    if (this.broken) this.abort(ABORTED);
    try {
      const area = this.area(from, windowStart, windowEnd, anchored);
      const match = this.searcher.find(handle.pointer, area, groups);
      return match && this.onBoundary(match);
    } catch (error) {
      this.abortWith(error);
    }
  }

  /** RE2 finds `\B` inside of a code point, too; its class tells such a place as the one behind that. */
  private onBoundary(match: Match): Match {
    let start = match.start;
    while (isContinuation(this.text[start])) start++;
    return start === match.start
      ? match
      : { ...match, start, end: match.end + start - match.start };
  }

  /** Whether `find` would find a match. */
  test(handle: Re2Handle, from: number, windowStart: number, windowEnd: number): boolean {
    return this.guard(() =>
      this.searcher.test(handle.pointer, this.area(from, windowStart, windowEnd, false)),
    );
  }

  private area(
    from: number,
    windowStart: number,
    windowEnd: number,
    anchored: boolean,
  ): SearchArea {
    // One code point of context before `from` is all that an assertion can look at.
    const contextStart = from > windowStart ? previousCodePoint(this.text, from) : windowStart;
    return { text: this.textPointer, contextStart, start: from, end: windowEnd, anchored };
  }

  private allocate(bytes: number): number {
    const pointer = this.exports.malloc(bytes);
    if (pointer === 0) this.abort(`out of memory: ${bytes} bytes`);
    return pointer;
  }

  private heap(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  private abort(message: string): never {
    this.broken = true;
    throw new Re2Abort(message);
  }

  /** Any trap inside the module leaves its heap in an unknown state. */
  private guard<T>(action: () => T): T {
    if (this.broken) this.abort(ABORTED);
    try {
      return action();
    } catch (error) {
      this.abortWith(error);
    }
  }

  private abortWith(error: unknown): never {
    this.broken = true;
    if (error instanceof Re2Abort) throw error;
    throw new Re2Abort(error instanceof Error ? error.message : String(error));
  }

  /** Functions and layouts are those of one build; a different module must fail here, not misreport. */
  private selfTest(known = this.known(SELF_TEST_PATTERN)): void {
    const compiled =
      known === undefined ? this.compile(SELF_TEST_PATTERN) : { ok: true as const, handle: known };
    this.load(encodeUtf8('aé bb '));
    const area = { text: this.textPointer, contextStart: 0, start: 1, end: 7, anchored: false };
    const isAsKnown = (byAutomata: boolean): boolean => {
      if (!compiled.ok) return false;
      const { pointer } = compiled.handle;
      const match = this.guard(() => this.searcher.find(pointer, area, 2, byAutomata));
      const found = [match, ...(match?.groups ?? [])];
      return SELF_TEST_RANGES.every(
        ({ start, end }, i) => found[i]?.start === start && found[i].end === end,
      );
    };
    if (!compiled.ok || !isAsKnown(true) || !isAsKnown(false)) {
      throw new Re2Abort(
        'this WebAssembly module is not re2-wasm 1.0.2 or a build of the same layout',
      );
    }
    if (known === undefined) this.delete(compiled.handle);
  }
}
