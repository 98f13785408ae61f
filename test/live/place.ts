import type { Connection, SignVersion } from '../../main/oss/connection.ts';
import type { Connections, Setup } from './setup.ts';
import type { Steps } from './steps.ts';

/** The bucket that a run made for itself, and how it is reached. */
export interface Place {
  readonly setup: Setup;
  readonly connections: Connections;
  readonly steps: Steps;
  readonly bucket: string;
  /** All keys that this kind of steps writes begin with it. */
  readonly prefix: string;
  readonly connection: Connection;
}

/** The same bucket for steps of their own kind. */
export function below(place: Place, prefix: string, signVersion: SignVersion = 'v4'): Place {
  return { ...place, prefix: `${prefix}/`, connection: { ...place.connection, signVersion } };
}
