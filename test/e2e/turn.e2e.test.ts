/** Turns of a program that reads prompts from its arguments or its stdin. */
import { testTurns } from './turn-scenes.ts';

testTurns('print', 'stream');
