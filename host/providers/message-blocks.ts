/** The content blocks of a message, put together from the events of a stream or taken as they are. */
import type { Block, ToolCall } from '../../orchestrator/transport.ts';
import { objectOf, parseJson } from './classify.ts';

interface Open {
  block: Block;
  /** Pieces of the input of a call, as JSON. */
  json: string;
}

export class MessageBlocks {
  readonly #open = new Map<number, Open>();

  /** A block of a message that came in one piece, or the beginning of one. */
  start(index: unknown, value: unknown): void {
    const block = objectOf(value);
    if (typeof index === 'number' && block !== undefined)
      this.#open.set(index, { block, json: '' });
  }

  add(index: unknown, value: unknown): void {
    const open = typeof index === 'number' ? this.#open.get(index) : undefined;
    const delta = objectOf(value);
    if (open === undefined || delta === undefined) return;
    const { block } = open;
    const longer = (name: string): void => {
      const piece = delta[name];
      if (typeof piece === 'string')
        open.block = { ...block, [name]: `${textOf(block[name])}${piece}` };
    };
    switch (delta['type']) {
      case 'text_delta':
        return longer('text');
      case 'thinking_delta':
        return longer('thinking');
      case 'signature_delta':
        return longer('signature');
      case 'input_json_delta':
        open.json += textOf(delta['partial_json']);
    }
  }

  /** All text, of all blocks. */
  get text(): string {
    return this.blocks
      .map((block) => (block['type'] === 'text' ? textOf(block['text']) : ''))
      .join('');
  }

  /** In their order; a call whose input is no JSON object has an empty one, since the API takes no other. */
  get blocks(): readonly Block[] {
    return [...this.#open]
      .sort(([a], [b]) => a - b)
      .map(([, open]) =>
        open.block['type'] === 'tool_use'
          ? { ...open.block, input: objectOf(inputOf(open)) ?? {} }
          : open.block,
      )
      .filter((block) => block['type'] !== 'text' || textOf(block['text']).trim() !== '');
  }

  get calls(): readonly ToolCall[] {
    return [...this.#open]
      .sort(([a], [b]) => a - b)
      .filter(([, { block }]) => block['type'] === 'tool_use')
      .map(([, open]) => ({
        id: textOf(open.block['id']),
        name: textOf(open.block['name']),
        input: inputOf(open),
      }));
  }
}

function inputOf({ block, json }: Open): unknown {
  return json === '' ? block['input'] : parseJson(json);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
