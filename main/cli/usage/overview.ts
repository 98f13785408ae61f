/** Every command, in the order of the help, and what it is for. */
export const summaries = {
  ls: 'list buckets, files, versions',
  put: 'upload a file or folder',
  get: 'download a file or everything below a prefix',
  cp: 'copy files, to, from or within OSS',
  mv: 'move or rename files',
  rm: 'delete files',
  cat: 'print a file',
  stat: 'show what is known about a file or a bucket',
  du: 'sum up the sizes of files',
  mb: 'create a bucket',
  rb: 'delete a bucket',
  restore: 'make archived files readable for some days',
  tag: 'show, set and remove the tags of a file',
  acl: 'show and set who may access a file or a bucket without a signature',
  sync: 'make a prefix like a folder, or a folder like a prefix',
  share: 'create a signed URL, or one for each file below a prefix',
  request: 'create upload links for someone else, and see which were used',
  grant: 'create temporary credentials for a prefix or a file',
  revoke: 'take back a link, page, form or ticket before it expires',
  access: 'list who has access to a bucket, give it and take it away',
  inspect: "explain a signed URL, and why it doesn't work",
  fetch: 'download through a signed URL or a share manifest',
  send: 'upload through a signed URL',
  accounts: 'list accounts and profiles, and see who one is',
  completion: 'complete commands and addresses in bash, zsh, fish or PowerShell',
  practice: 'run a local OSS and STS server',
} as const;

/** The name of a command. */
export type CommandName = keyof typeof summaries;

/** What `waybill --help` prints. */
export const overview = [
  'waybill: Alibaba Cloud OSS from the command line',
  '',
  ...Object.entries(summaries).map(([name, summary]) => `  ${name.padEnd(11)} ${summary}`),
  '',
  'Addresses have the form oss://bucket/key. Run "waybill COMMAND --help" for details.',
  'Exit codes: 0 everything requested is done and verified, 1 something failed, 2 invalid command line.',
].join('\n');
