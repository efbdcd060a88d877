/** The end of the demo's turn: a command writes a file, the agent stops, is woken, mends the file and stops again. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSpend } from '../../host/spend/spend.ts';
import { sessionKey } from '../../host/state/key.ts';
import { runHook } from './hook.ts';
import type { HookRun, HookSetting } from './hook.ts';
import { MODEL, startScriptedModel } from './scripted-model.ts';

export interface PlayedStop {
  readonly label: string;
  readonly run: HookRun;
  /** What wakes the agent; empty when it is not woken. */
  readonly woken: string;
  /** Bytes that were sent for it. */
  readonly sent: number;
  /** What a model of the name that was asked costs for as much, in US dollars. */
  readonly usd: number;
  readonly asExpected: boolean;
}

const FILE = 'app/invoices.py';
const QUOTE = '    return jsonify(store.invoice(number))';
const BUG = `from flask import g, jsonify

from app import app, store


@app.get("/invoices/<int:number>")
def invoice(number):
${QUOTE}
`;
const MENDED = BUG.replace('invoice(number))', 'invoice_of(g.user, number))');
const FINDING = {
  path: FILE,
  category: 'insecure-direct-object-reference',
  severity: 'high',
  confidence: 'high',
  title: "Whoever is logged in reads anyone's invoice",
  attack: 'Asks for /invoices/1, /invoices/2 and so on: no check says whose invoice it is.',
  fix: 'Look the invoice up among those of the user: store.invoice_of(g.user, number).',
  symbol: 'invoice',
};

/** Session of the recorded edits. */
const SESSION = 'demo';

export interface TurnCommands {
  readonly prompt: string;
  readonly stop: string;
}

/** To be called before the edits: the turn begins. */
export async function beginTurn(setting: HookSetting, { prompt }: TurnCommands): Promise<HookRun> {
  return runHook(setting, prompt, { ...payload(setting, 'UserPromptSubmit'), prompt: 'Build it.' });
}

/** Yields each stop as it was answered. `state` is the folder that the hooks keep their state in. */
export async function* playStops(
  given: HookSetting,
  { stop }: TurnCommands,
  state: string,
): AsyncGenerator<PlayedStop> {
  const model = await startScriptedModel({ quote: QUOTE.trim(), finding: FINDING });
  const setting: HookSetting = {
    ...given,
    env: {
      ...given.env,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: 'demo',
      SECURITY_REVIEW_MODEL: MODEL,
      NO_PROXY: '127.0.0.1',
    },
  };
  const spent = (): number =>
    readSpend(state).sessions[sessionKey(undefined, SESSION)]?.totals.usd ?? 0;
  try {
    for (const { label, text, wasWoken, wakes } of [
      { label: 'a command wrote a handler', text: BUG, wasWoken: false, wakes: true },
      { label: 'the agent mended it', text: MENDED, wasWoken: true, wakes: false },
    ]) {
      setting.signal.throwIfAborted();
      const path = join(setting.cwd, FILE);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      const [bytes, usd] = [sum(model.bytes), spent()];
      const run = await runHook(setting, stop, {
        ...payload(setting, 'Stop'),
        stop_hook_active: wasWoken,
      });
      const woken = run.code === 2 ? run.stderr : '';
      const asExpected = wakes
        ? woken.includes(FINDING.title)
        : run.code === 0 && run.stdout.includes('resolved: ') && run.stderr === '';
      const sent = sum(model.bytes) - bytes;
      yield { label, run, woken, sent, usd: spent() - usd, asExpected: asExpected && sent > 0 };
    }
  } finally {
    await model.close();
  }
}

function payload({ cwd }: HookSetting, event: string): Readonly<Record<string, unknown>> {
  return { session_id: SESSION, transcript_path: '/dev/null', cwd, hook_event_name: event };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
