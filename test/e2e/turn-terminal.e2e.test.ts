/** Turns of a program in a terminal. */
import { testTurns } from './turn-scenes.ts';

testTurns('interactive');
