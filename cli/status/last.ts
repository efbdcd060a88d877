/** `sg status --last`: the record of the last review, whoever asked for it. */
import { plainLine } from '../../engine/text/plain.ts';
import type { KeptRecord } from '../../host/findings/records.ts';
import { isoTime } from '../../host/findings/time.ts';
import { LAYER_WORDS } from '../findings/text.ts';
import { stageText } from '../review/deep.ts';
import { spent } from '../review/print.ts';
import { notReviewedLine } from '../../orchestrator/report.ts';
import { counted, duration } from '../words.ts';

const SHOWN_FILES = 20;

export function lastText({ at, layer, session, roots, record }: KeptRecord, now: number): string {
  const { commits, files, model, provider, usage, tools, stages, outcome, milliseconds } = record;
  const plain = (text: string): string => plainLine(text, 300);
  const [newest] = commits;
  const more = commits.length > 1 ? ` and ${commits.length - 1} before it` : '';
  const lines = [
    `${LAYER_WORDS[layer]}, ${duration(now - at)} ago, ${duration(milliseconds)} long, session ${plain(session)}`,
    ...roots.map((root) => `repository: ${plain(root)}`),
    newest === undefined
      ? 'commits: none, files as they lay there'
      : `commits: ${plain(newest)}${more}`,
    outcome.kind === 'not-reviewed'
      ? notReviewedLine(outcome.reason, outcome.detail)
      : `outcome: ${outcome.kind === 'clean' ? 'no findings' : counted(outcome.findings, 'finding')}`,
    `model: ${plain(model)}${provider === undefined ? '' : `, by ${plain(provider)}`}${spent(usage)}`,
    ...(tools.calls === 0
      ? []
      : [`tools: ${counted(tools.calls, 'call')}, ${counted(tools.errors, 'error')}`]),
    ...listed('reviewed', files.reviewed),
    ...listed('read', files.read),
    ...listed(
      'left out',
      files.left.map(({ path, reason }) => `${path}: ${reason}`),
    ),
    ...(stages.length === 0 ? [] : ['stages:', ...stages.map(stageText)]),
  ];
  return `${lines.join('\n')}\n`;
}

function listed(title: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length - SHOWN_FILES;
  return [
    `${title}: ${counted(names.length, 'file')}`,
    ...names.slice(0, SHOWN_FILES).map((name) => `  ${plainLine(name, 300)}`),
    ...(more > 0 ? [`  and ${more} more: --format json`] : []),
  ];
}

export function lastJson(last: KeptRecord | undefined): string {
  const shown = last === undefined ? null : { ...last, at: isoTime(last.at) };
  return `${JSON.stringify({ version: 1, last: shown }, null, 2)}\n`;
}
