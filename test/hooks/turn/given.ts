/** A world for each test of a file, with one stand-in for the model's endpoint. */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { startLoopbackApi } from '../../support/api/server.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import { TurnWorld } from './world.ts';

export interface Given {
  readonly api: LoopbackApi;
  readonly turn: TurnWorld;
}

export function givenTurns(): Given {
  let api: LoopbackApi | undefined;
  let turn: TurnWorld | undefined;
  beforeAll(async () => {
    api = await startLoopbackApi();
  });
  afterAll(() => api?.close());
  beforeEach(() => {
    api?.reset();
    turn = api && new TurnWorld(api);
  });
  afterEach(() => turn?.remove());
  const there = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new Error('only inside of a test');
    return value;
  };
  return {
    get api() {
      return there(api);
    },
    get turn() {
      return there(turn);
    },
  };
}
