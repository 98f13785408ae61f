import { z } from 'zod';
import { regionOfHost } from '../../../main/oss/endpoint.ts';
import type { Kind } from '../kind.ts';

const input = z.object({ host: z.string() });

/** The host of a signed link: the bucket, the region and the network that it names. */
export const linkHost: Kind = {
  run: (value) => ({ region: regionOfHost(input.parse(value).host) }),
};
