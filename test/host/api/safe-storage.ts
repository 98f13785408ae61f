import { refuseOthers } from '../not-implemented.ts';

/** Said to be unavailable rather than faked: the app must then do what it does on such a desktop. */
export const safeStorage = refuseOthers('safeStorage', {
  isEncryptionAvailable: (): boolean => false,
} satisfies Record<string, () => boolean>);
