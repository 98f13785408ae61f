/** The direction of imports: renderer → contract ← main/shell → main/{links,transfers,accounts} → main/oss → failure. */
const below = (...folders) => `^main/(${folders.join('|')})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: ['\\.d\\.ts$'] }, to: {} },
    {
      name: 'http-imports-only-failure',
      severity: 'error',
      from: { path: '^main/http/' },
      to: { path: '^(main|preload|renderer)/', pathNot: '^main/(http/|failure\\.ts$)' },
    },
    {
      name: 'oss-imports-only-http-and-failure',
      severity: 'error',
      from: { path: '^main/oss/' },
      to: { path: '^(main|preload|renderer)/', pathNot: '^main/(oss/|http/|failure\\.ts$)' },
    },
    {
      name: 'oss-operations-exchange-signing-point-down',
      comment: 'operations → exchange → signing → the files of main/oss itself.',
      severity: 'error',
      from: { path: '^main/oss/(?:exchange|signing|[^/]+\\.ts)' },
      to: { path: '^main/oss/operations/' },
    },
    {
      name: 'oss-signing-imports-no-exchange',
      severity: 'error',
      from: { path: '^main/oss/(?:signing|[^/]+\\.ts)' },
      to: { path: '^main/oss/exchange/' },
    },
    {
      name: 'oss-root-imports-no-signing',
      severity: 'error',
      from: { path: '^main/oss/[^/]+\\.ts$' },
      to: { path: '^main/oss/signing/' },
    },
    {
      name: 'oss-crc64-stands-alone',
      severity: 'error',
      from: { path: '^main/oss/crc64/' },
      to: { path: '^main/', pathNot: '^main/oss/crc64/' },
    },
    {
      name: 'accounts-imports-only-oss-http-and-local-files',
      severity: 'error',
      from: { path: '^main/accounts/' },
      to: { path: '^(main|preload|renderer)/', pathNot: '^main/(accounts/|oss/|http/|local-files/|failure\\.ts$)' },
    },
    {
      name: 'local-files-imports-only-failure',
      severity: 'error',
      from: { path: '^main/local-files/' },
      to: { path: '^(main|preload|renderer)/', pathNot: '^main/(local-files/|failure\\.ts$)' },
    },
    {
      name: 'failure-imports-nothing',
      severity: 'error',
      from: { path: '^main/failure\\.ts$' },
      to: {},
    },
    {
      name: 'settings-stands-above-transfers',
      severity: 'error',
      from: {
        path: '^main/(failure\\.ts$|(http|oss|accounts|local-files|links|transfers|browsing|properties|practice|cli)/)',
      },
      to: { path: '^main/settings\\.ts$' },
    },
    {
      name: 'links-transfers-and-properties-never-up',
      severity: 'error',
      from: { path: below('links', 'transfers', 'properties') },
      to: { path: '^(main/(shell|practice|cli)|preload|renderer)/' },
    },
    {
      name: 'browsing-only-oss',
      severity: 'error',
      from: { path: '^main/browsing/' },
      to: {
        path: '^(main|preload|renderer)/',
        pathNot: '^main/(browsing/|oss/|http/|transfers/|local-files/|failure\\.ts$)',
      },
    },
    {
      name: 'nobody-imports-shell',
      severity: 'error',
      from: { path: '^main/', pathNot: '^main/(shell|contract)/' },
      to: { path: '^main/shell/' },
    },
    {
      name: 'practice-knows-nothing-of-oss',
      comment: 'A mistake made on both sides would go unseen.',
      severity: 'error',
      from: { path: '^main/practice/' },
      to: { path: '^(main|preload|renderer)/', pathNot: '^main/(practice/|local-files/|failure\\.ts$)' },
    },
    {
      name: 'oss-knows-nothing-of-practice',
      severity: 'error',
      from: { path: '^main/(oss|accounts|browsing|links|transfers|properties|local-files)/' },
      to: { path: '^main/practice/' },
    },
    {
      name: 'electron-only-in-shell-and-preload',
      severity: 'error',
      from: { path: '^(main|renderer)/', pathNot: '^main/shell/' },
      to: { path: '(^|node_modules/)electron($|/)' },
    },
    {
      name: 'keytar-only-in-keychain',
      severity: 'error',
      from: { path: '^(main|preload|renderer)/', pathNot: '^main/accounts/keychain\\.ts$' },
      to: { path: '(^|node_modules/)(@github/)?keytar($|/)' },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'renderer-imports-nothing-of-main',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^main/', pathNot: '^main/contract/' },
    },
    {
      name: 'renderer-takes-types-only-of-the-contract',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^main/contract/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'shared-components-import-no-screen',
      severity: 'error',
      from: { path: '^renderer/(shared|lib)/' },
      to: { path: '^renderer/(grid|model|commands|parts|screens)/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.json$' },
    enhancedResolveOptions: {
      conditionNames: ['svelte', 'import', 'node', 'default'],
      extensions: ['.ts', '.svelte', '.js', '.json'],
    },
  },
};
