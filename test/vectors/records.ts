/** The shape of the files in this folder; README.md explains the fields. */

type Pairs = readonly (readonly [string, string])[];

export interface SigningRecord {
  readonly id: string;
  readonly sig_version: 'v1' | 'v4';
  readonly kind: 'query' | 'header';
  readonly method: string;
  readonly endpoint: string;
  readonly region: string;
  readonly product?: string | null;
  readonly cloudBoxId?: string | null;
  readonly addressing: 'virtual' | 'cname' | 'path';
  readonly bucket: string | null;
  readonly key: string | null;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string | null;
  readonly signing_time: { readonly unix: number };
  readonly expires_seconds: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly additional_headers: readonly string[] | null;
  readonly params: readonly (readonly [string, string | null])[];
  readonly expected: {
    readonly url: string;
    readonly raw_path: string;
    readonly query: Pairs;
    readonly signature: string;
    readonly authorization?: string | null;
    readonly headers?: Readonly<Record<string, string>> | null;
    readonly string_to_sign?: string | null;
    readonly canonical_request?: string | null;
  };
  readonly conforms: boolean;
}

export interface CrcInput {
  readonly input_hex?: string;
  readonly repeat?: { readonly hex: string; readonly count: number };
  readonly length?: number;
  readonly crc64: string;
  readonly crc64_hex?: string;
}

export interface CrcFile {
  readonly crc?: readonly ({ readonly id: string } & CrcInput)[];
  readonly continue?: readonly ({ readonly id: string; readonly init: string } & CrcInput)[];
  readonly combine?: readonly {
    readonly id: string;
    readonly crc1: string;
    readonly crc2: string;
    readonly len2: string;
    readonly combined: string;
  }[];
  readonly multipart?: readonly { readonly id: string; readonly parts: readonly CrcInput[]; readonly crc64: string }[];
}

export interface RpcRecord {
  readonly id: string;
  readonly method: string;
  readonly endpoint: string;
  readonly accessKeySecret: string;
  readonly params: Readonly<Record<string, string>>;
  readonly expected: {
    readonly string_to_sign?: string | null;
    readonly signature: string;
    readonly url?: string | null;
    readonly body?: string | null;
  };
  readonly conforms?: boolean;
}

/** A signed policy of a form. With `date` it is V4, without it V1. */
export interface FormRecord {
  readonly id: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly date?: string;
  readonly region?: string;
  readonly policyJson: string;
  readonly policyBase64: string;
  readonly signature: string;
}

export interface PartRecord {
  readonly id: string;
  readonly method: string;
  readonly accessKeySecret: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly url: string;
}

/** The hash of a link of a CDN. Time: Unix seconds for A, `YYYYMMDDHHMM` for B, hexadecimal for the others. */
export interface CdnRecord {
  readonly type: 'A' | 'B' | 'C/F';
  readonly key: string;
  readonly path: string;
  readonly time?: number | string;
  readonly timeHex?: string;
  readonly rand?: string;
  readonly md5: string;
}

export interface FormFile {
  readonly cdn?: readonly CdnRecord[];
  readonly forms?: readonly FormRecord[];
  readonly presignedParts?: readonly PartRecord[];
  readonly crc64?: readonly (
    | { readonly text: string; readonly crc: string }
    | { readonly repeat: number; readonly bytes: number; readonly crc: string }
  )[];
}
