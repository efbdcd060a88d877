/** A toolbox over files that are given in place of a commit. */
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import type { CommitEntry, CommitFiles } from '../../../orchestrator/tools/commit-files.ts';
import { Toolbox } from '../../../orchestrator/tools/toolbox.ts';
import type { ToolboxOptions } from '../../../orchestrator/tools/toolbox.ts';
import { testRuntime } from '../../support/wasm.ts';
import { newRedactor } from '../pack-support.ts';

const runtime = testRuntime();

export type FakeFile = string | Uint8Array | Pick<CommitEntry, 'kind'>;

/** A link's content is its target. */
export function fakeCommit(files: Readonly<Record<string, FakeFile>>): CommitFiles {
  const entries = Object.entries(files)
    .map(([path, file]): CommitEntry => {
      const kind = typeof file === 'object' && 'kind' in file ? file.kind : 'file';
      return { path, kind, id: `id of ${path}` };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    commit: 'c'.repeat(40),
    entries,
    left: [],
    read: (asked) =>
      Promise.resolve(
        asked.map(({ path }) => {
          const file = files[path] ?? '';
          if (file instanceof Uint8Array) return { kind: 'bytes', bytes: file };
          if (typeof file === 'string') return { kind: 'bytes', bytes: encodeUtf8(file) };
          return { kind: 'bytes', bytes: encodeUtf8('../outside/secret') };
        }),
      ),
  };
}

export interface TestBox {
  readonly box: Toolbox;
  /** Runs one call and gives its text without the markers; an error begins with `error: `. */
  readonly call: (name: string, input: unknown) => Promise<string>;
}

export function toolbox(files: CommitFiles, more: Partial<ToolboxOptions> = {}): TestBox {
  let markers = 0;
  let calls = 0;
  const box = new Toolbox({
    files,
    redactor: newRedactor(),
    wasm: () => runtime,
    clock: { monotonic: () => performance.now() },
    marker: () => `marker0123456789x${markers++}`,
    maxCalls: 1000,
    ...more,
  });
  return {
    box,
    async call(name, input) {
      const [result] = await box.run([{ id: `c${calls++}`, name, input }]);
      if (result === undefined) throw new Error('no result');
      const { text, isError } = result;
      const [, marker = '', body = ''] = /^<result (\w+)>\n([^]*)<\/result \1>\n$/.exec(text) ?? [];
      if (marker === '') throw new Error(`not fenced: ${text}`);
      return `${isError ? 'error: ' : ''}${body}`;
    },
  };
}
