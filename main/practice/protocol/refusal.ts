/** Elements of an error reply besides those that each has, in order. */
type Extra = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** The fields of an OSS error reply in addition to its status. */
export interface RefusalDetails {
  readonly code: string;
  readonly message: string;
  /** The `EC` in the OSS error documentation, omitted if unknown. */
  readonly ec?: string;
  /** Additional XML elements, in order. */
  readonly extra?: Extra;
  /** Headers of the reply, such as `x-oss-delete-marker`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Thrown to reject a request with an OSS error reply.
 * @see https://www.alibabacloud.com/help/en/oss/support/error-responses
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly details: RefusalDetails;

  constructor(status: number, details: RefusalDetails) {
    super(`${details.code}: ${details.message}`);
    this.status = status;
    this.details = details;
  }
}

/** 403 `AccessDenied`. */
export function accessDenied(message: string, ec?: string, extra?: Extra): Refusal {
  return new Refusal(403, {
    code: 'AccessDenied',
    message,
    ...(ec === undefined ? {} : { ec }),
    ...(extra === undefined ? {} : { extra }),
  });
}

/** 400 `InvalidArgument`, which names the argument and its value. */
export function invalidArgument(message: string, argument?: { name: string; value: string; ec?: string }): Refusal {
  const extra = argument && { ArgumentName: argument.name, ArgumentValue: argument.value };
  return new Refusal(400, {
    code: 'InvalidArgument',
    message,
    ...(argument?.ec === undefined ? {} : { ec: argument.ec }),
    ...(extra === undefined ? {} : { extra }),
  });
}

/** 404 `NoSuchBucket`. */
export function noSuchBucket(bucket: string): Refusal {
  return new Refusal(404, {
    code: 'NoSuchBucket',
    message: 'The specified bucket does not exist.',
    ec: '0015-00000101',
    extra: { BucketName: bucket },
  });
}

/** 404 `NoSuchKey`; `headers` name the delete marker that hides the object. */
export function noSuchKey(key: string, headers: Readonly<Record<string, string>> = {}): Refusal {
  return new Refusal(404, {
    code: 'NoSuchKey',
    message: 'The specified key does not exist.',
    ec: '0026-00000001',
    extra: { Key: key },
    headers,
  });
}

/** 404 `NoSuchVersion`. */
export function noSuchVersion(key: string, versionId: string): Refusal {
  return new Refusal(404, {
    code: 'NoSuchVersion',
    message: 'The specified version does not exist.',
    extra: { Key: key, VersionId: versionId },
  });
}

/** 404 `NoSuchUpload`. */
export function noSuchUpload(uploadId: string): Refusal {
  return new Refusal(404, {
    code: 'NoSuchUpload',
    message:
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    ec: '0042-00000002',
    extra: { UploadId: uploadId },
  });
}

/** 409 `FileAlreadyExists`, the answer to `x-oss-forbid-overwrite: true`. */
export function fileAlreadyExists(): Refusal {
  return new Refusal(409, {
    code: 'FileAlreadyExists',
    message: 'The object you specified already exists and can not be overwritten.',
    ec: '0026-00000002',
  });
}

/** 400 `MalformedXML`. */
export function malformedXml(ec?: string): Refusal {
  return new Refusal(400, {
    code: 'MalformedXML',
    message: 'The XML you provided was not well-formed or did not validate against our published schema.',
    ...(ec === undefined ? {} : { ec }),
  });
}

/** 501 `NotImplemented`: OSS supports it, the practice server doesn't. */
export function notImplemented(feature: string): Refusal {
  return new Refusal(501, { code: 'NotImplemented', message: `The practice server does not implement ${feature}.` });
}
