import type { AccountColour } from '../../../main/contract/contract.ts';

export const accountColours: readonly AccountColour[] = [
  'blue',
  'teal',
  'green',
  'amber',
  'orange',
  'red',
  'pink',
  'violet',
];
