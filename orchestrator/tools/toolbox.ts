/**
 * The tools of a reviewer over one commit: what it may call, how often, and what comes back. Nothing that a
 * repository holds widens them: they read one commit, redacted, and every result stands between markers.
 */
import { Re2Store } from '../../engine/re2/store.ts';
import type { WasmRuntime } from '../../engine/re2/runtime.ts';
import type { Clock } from '../ports.ts';
import type { Redactor } from '../redact.ts';
import type { ToolCall, ToolResult, ToolSpec } from '../transport.ts';
import type { CommitFiles } from './commit-files.ts';
import { GLOB_FIELDS, GLOB_WORDS, runGlob } from './glob.ts';
import { GREP_FIELDS, GREP_WORDS, runGrep } from './grep.ts';
import { inputSchema, readInput } from './input.ts';
import type { Fields, ToolInput } from './input.ts';
import { READ_FIELDS, READ_WORDS, runRead } from './read.ts';
import { CommitTexts } from './texts.ts';
import { failed } from './tool.ts';
import type { Ran } from './tool.ts';

export type ToolName = 'Read' | 'Grep' | 'Glob';

interface Form {
  readonly fields: Fields;
  readonly words: {
    readonly description: string;
    readonly fields: Readonly<Record<string, string>>;
  };
}

const FORMS: Readonly<Record<ToolName, Form>> = {
  Read: { fields: READ_FIELDS, words: READ_WORDS },
  Grep: { fields: GREP_FIELDS, words: GREP_WORDS },
  Glob: { fields: GLOB_FIELDS, words: GLOB_WORDS },
};

/** Part of the cached beginning of every request: nothing in it varies. */
export const TOOL_SPECS: readonly ToolSpec[] = Object.entries(FORMS).map(
  ([name, { fields, words }]) => ({
    name,
    description: words.description,
    inputSchema: inputSchema(fields, words.fields),
  }),
);

export interface ToolUse {
  /** Calls that were made, those that were refused or failed included. */
  readonly calls: number;
  readonly errors: number;
  readonly byName: Readonly<Record<string, number>>;
  /** Paths of which something was shown, in the order of the first time. */
  readonly files: readonly string[];
}

export interface ToolboxOptions {
  readonly files: CommitFiles;
  readonly redactor: Redactor;
  readonly wasm: () => WasmRuntime;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** A fresh one for each result: at least 16 letters and digits. */
  readonly marker: () => string;
  readonly maxCalls: number;
}

export class Toolbox {
  readonly texts: CommitTexts;
  readonly #options: ToolboxOptions;
  readonly #re2: Re2Store;
  readonly #byName = new Map<string, number>();
  readonly #files = new Set<string>();
  #calls = 0;
  #errors = 0;

  constructor(options: ToolboxOptions) {
    this.#options = options;
    this.texts = new CommitTexts(options.files, options.redactor);
    this.#re2 = new Re2Store(options.wasm);
  }

  /** Calls that may still be made. */
  get left(): number {
    return Math.max(0, this.#options.maxCalls - this.#calls);
  }

  get use(): ToolUse {
    return {
      calls: this.#calls,
      errors: this.#errors,
      byName: Object.fromEntries(this.#byName),
      files: [...this.#files],
    };
  }

  /** One after the other, since they share RE2's memory. Never rejects for what a model asks. */
  async run(calls: readonly ToolCall[]): Promise<readonly ToolResult[]> {
    const results: ToolResult[] = [];
    for (const call of calls) results.push(await this.#one(call));
    return results;
  }

  dispose(): void {
    this.#re2.dispose();
  }

  async #one({ id, name, input }: ToolCall): Promise<ToolResult> {
    const isOver = this.left === 0;
    this.#calls += 1;
    const known = isToolName(name) ? name : undefined;
    const counted = known ?? 'unknown';
    this.#byName.set(counted, (this.#byName.get(counted) ?? 0) + 1);
    const ran = isOver
      ? failed(`no tool calls are left of ${this.#options.maxCalls}: answer with what you know`)
      : known === undefined
        ? failed(
            `there is no tool ${JSON.stringify(name.slice(0, 80))}; there are ${Object.keys(FORMS).join(', ')}`,
          )
        : await this.#dispatch(known, input);
    if (ran.ok) for (const path of ran.files) this.#files.add(path);
    else this.#errors += 1;
    const { redactor } = this.#options;
    // A reason may quote what the model wrote, and that what a repository made it write.
    const text = ran.ok ? ran.text : `${redactor.redact(ran.reason)}\n`;
    return { callId: id, text: this.#fenced(text), isError: !ran.ok };
  }

  async #dispatch(name: ToolName, raw: unknown): Promise<Ran> {
    const { redactor, files, clock } = this.#options;
    const input: ToolInput = readInput(raw, FORMS[name].fields);
    if (!input.ok) return failed(input.reason);
    switch (name) {
      case 'Read':
        return runRead(input, this.texts);
      case 'Glob':
        return runGlob(input, this.texts, redactor);
      case 'Grep':
        return runGrep(input, { files, texts: this.texts, redactor, re2: this.#re2, clock });
    }
  }

  #fenced(text: string): string {
    const marker = this.#options.marker();
    // Nobody can guess it; a text that has it all the same is not shown.
    const body = text.toLowerCase().includes(marker.toLowerCase())
      ? 'not shown, ask again\n'
      : text;
    return `<result ${marker}>\n${body}</result ${marker}>\n`;
  }
}

function isToolName(name: string): name is ToolName {
  return Object.hasOwn(FORMS, name);
}
