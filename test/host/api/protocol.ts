import type Electron from 'electron';
import { refuseOthers } from '../not-implemented.ts';
import { addScheme } from '../web-urls.ts';

type Handler = Parameters<Electron.Protocol['handle']>[1];

const handlers = new Map<string, Handler>();

/** Of the stand-in. */
export function handlerOf(scheme: string): Handler | undefined {
  return handlers.get(scheme);
}

export const protocol = refuseOthers('protocol', {
  /** Every scheme is standard, secure and able to fetch here, because https is. */
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    for (const { scheme } of schemes) addScheme(scheme);
  },
  handle(scheme: string, handler: Handler): void {
    if (handlers.has(scheme)) throw new Error('The scheme has been registered');
    addScheme(scheme);
    handlers.set(scheme, handler);
  },
  unhandle(scheme: string): void {
    handlers.delete(scheme);
  },
  isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
} satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle' | 'unhandle' | 'isProtocolHandled'>);
