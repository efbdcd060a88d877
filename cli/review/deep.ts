/** What `--deep` needs of this machine, and how what it does is shown. */
import { makeCheckout } from '../../host/checkout.ts';
import { lazyWasm } from '../../host/wasm.ts';
import type { ReviewRecord, Stage, StageName } from '../../orchestrator/record.ts';
import type { DeepTools, Progress } from '../../orchestrator/deep/settings.ts';
import type { ReviewInput } from '../../orchestrator/review.ts';
import type { CommitFiles } from '../../orchestrator/tools/commit-files.ts';
import type { Assets } from '../assets.ts';
import { counted } from '../words.ts';
import { marker } from '../../host/review/session.ts';

/** Tools over the files of a commit. */
export function toolsOver(
  files: CommitFiles,
  { changes }: Pick<ReviewInput, 'changes'>,
  assets: Pick<Assets, 'wasm'>,
): Pick<DeepTools, 'files' | 'wasm' | 'marker' | 'checkout'> {
  const first = changes.files.map(({ path }) => path);
  return {
    files,
    wasm: lazyWasm(assets.wasm),
    marker,
    checkout: (texts) => makeCheckout({ files, texts, first }),
  };
}

export function progressWords({ stage, count, toolCalls }: Progress): string {
  switch (stage) {
    case 'investigate':
      return `investigating, turn ${count}, ${counted(toolCalls, 'tool call')}`;
    case 'single-call':
      return 'investigating, and in a single call beside it';
    case 'refute':
      return `refuting, ${counted(count, 'verdict')}`;
  }
}

const NAMES: Readonly<Record<StageName, string>> = {
  investigate: 'investigated',
  'second-look': 'looked again',
  'single-call': 'asked once',
  check: 'checked',
  refute: 'refuted',
  cut: 'cut',
  known: 'compared with earlier findings',
};

/** A line for each stage; nothing where nobody was asked. */
export function recordText({ stages, tools, files }: ReviewRecord): string {
  if (stages.length === 0) return '';
  const used = `${counted(tools.calls, 'tool call')}, ${counted(files.read.length, 'file')} read`;
  return [`Stages (${used}):`, ...stages.map(stageText)].join('\n');
}

export function stageText({ name, in: from, out, counts, failed, milliseconds }: Stage): string {
  const what = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `, ${word} ${count}`);
  const end = failed === undefined ? '' : `, no answer: ${failed}`;
  return `  ${NAMES[name]}: ${from} in, ${out} out${what.join('')}${end}, ${(milliseconds / 1000).toFixed(1)} s`;
}
