/** What `sg eval --deep` needs of this machine. */
import type { DeepMeans } from '../../bench/eval/deep-run.ts';
import type { Pair } from '../../bench/eval/pair.ts';
import { openScratch } from '../../bench/eval/scratch.ts';
import { makeCheckout } from '../../host/checkout.ts';
import { lazyWasm } from '../../host/wasm.ts';
import type { Io } from '../io.ts';

export type OpenDeep =
  | { readonly ok: true; readonly deep: DeepMeans; readonly dispose: () => void }
  | { readonly ok: false; readonly message: string };

/** `isReplay`: whoever has tools of its own has used them already, and no folder is made for it. */
export async function openDeep(
  pairs: readonly Pair[],
  isReplay: boolean,
  io: Io,
): Promise<OpenDeep> {
  const opened = await openScratch(pairs, io.env);
  if (!opened.ok) return opened;
  const { open, dispose } = opened.scratch;
  const remove = (): Promise<void> => Promise.resolve();
  const deep: DeepMeans = {
    open,
    wasm: lazyWasm(io.assets.wasm),
    checkout:
      ({ files, changes }) =>
      (texts) =>
        isReplay
          ? Promise.resolve({ ok: true, folder: '', left: [], remove })
          : makeCheckout({ files, texts, first: changes.files.map(({ path }) => path) }),
  };
  return { ok: true, deep, dispose };
}
