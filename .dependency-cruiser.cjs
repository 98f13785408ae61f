/**
 * The direction of imports, types included: shell → contract → browsing, deleting, editing, properties, policies, sync → links, transfers →
 * accounts → oss → http → failure. The renderer sees the contract, main/words, own.ts and limit-hours.ts, the preload script the contract
 * alone.
 */

/** Everything of ours but the named folders of main/ and the small files that any room may use: what it must not import. */
const outside = (...rooms) => ({
  path: '^(main|preload|renderer)/',
  pathNot: `^main/((${rooms.join('|')})/|(failure|causes|bounded-map|invisible|limit-hours|own)\\.ts$)`,
});

/** A room of main/ that imports nothing but itself, these rooms and failure.ts. */
const only = (room, ...below) => ({
  name: `${room}-imports-only-${[...below, 'failure'].join('-')}`,
  severity: 'error',
  from: { path: `^main/${room}/` },
  to: outside(room, ...below),
});

/** Rooms of main/transfers, each with those that it may import: queue → run → copy → upload, download → tasks. */
const transferRooms = {
  queue: ['run', 'copy', 'upload', 'download', 'tasks'],
  run: ['copy', 'upload', 'download', 'tasks'],
  copy: ['upload', 'download', 'tasks'],
  upload: ['tasks'],
  download: ['tasks'],
  tasks: [],
};

/**
 * Rooms of main/links: renewal.ts → receiving → tickets → making → ledger → text; grants stands beside making, cdn above it, and pages
 * are made of tickets and forms; revoking changes documents of a bucket.
 */
const linkRooms = {
  receiving: ['tickets', 'revoking', 'making', 'ledger', 'text'],
  pages: ['forms', 'tickets', 'revoking', 'making', 'ledger', 'text'],
  tickets: ['making', 'ledger', 'text'],
  forms: ['revoking', 'making', 'ledger', 'text'],
  revoking: ['ledger', 'text'],
  making: ['ledger', 'text'],
  cdn: ['making', 'ledger', 'text'],
  grants: ['ledger', 'text'],
  ledger: ['text'],
  text: [],
};

const roomRules = (folder, rooms) =>
  Object.entries(rooms).map(([room, below]) => ({
    name: `${folder}-${room}-imports-only-below`,
    severity: 'error',
    from: { path: `^main/${folder}/${room}/` },
    to: { path: `^main/${folder}/[^/]+/`, pathNot: `^main/${folder}/(${[room, ...below].join('|')})/` },
  }));

/** One rule for each folder of renderer/: what it imports from renderer/ at most, types included. */
const layers = (rows) =>
  rows.map(([folder, ...allowed]) => ({
    name: `renderer-${folder}-imports-only-${allowed.join('-')}`,
    severity: 'error',
    from: { path: `^renderer/${folder}/` },
    to: { path: '^renderer/', pathNot: `^renderer/(${allowed.join('|')})/` },
  }));

/**
 * One rule for each room of a folder: it imports no room that stands before it in the list.
 * @param {string} folder
 * @param {readonly string[]} rooms from the top down; several on one level are separated by |
 */
const downwards = (folder, rooms) =>
  rooms.slice(1).map((room, index) => ({
    name: `${folder}: ${room} imports nothing above it`,
    severity: 'error',
    from: { path: `^${folder}/(${room})[./]` },
    to: { path: `^${folder}/(${rooms.slice(0, index + 1).join('|')})[./]` },
  }));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: ['\\.d\\.ts$'] }, to: {} },
    only('http', 'local-files', 'crc64'),
    only('oss', 'http'),
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
      name: 'crc64-stands-alone',
      severity: 'error',
      from: { path: '^main/crc64/' },
      to: { path: '^main/', pathNot: '^main/crc64/' },
    },
    only('accounts', 'oss', 'http', 'local-files'),
    {
      name: 'local-files-imports-only-failure',
      severity: 'error',
      from: { path: '^main/local-files/' },
      to: { path: '^(main|preload|renderer)/', pathNot: '^main/(local-files/|(failure|causes|own)\\.ts$)' },
    },
    {
      name: 'failure-imports-only-causes',
      severity: 'error',
      from: { path: '^main/(failure|causes|own)\\.ts$' },
      to: { pathNot: '^main/causes\\.ts$' },
    },
    {
      name: 'settings-stands-above-transfers',
      severity: 'error',
      from: {
        path: '^main/(failure\\.ts$|(http|oss|accounts|local-files|links|transfers|browsing|deleting|editing|properties|policies|sync|practice|cli)/)',
      },
      to: { path: '^main/settings\\.ts$' },
    },
    {
      name: 'links-import-only-accounts-and-below',
      comment: 'Not transfers either: a link is data there, and what fetches it is given its URL.',
      severity: 'error',
      from: { path: '^main/links/' },
      to: outside('links', 'accounts', 'oss', 'http', 'local-files'),
    },
    ...roomRules('links', linkRooms),
    {
      name: 'transfers-import-only-accounts-and-below',
      comment: 'Not links either: the queue is given a signed URL and its parts, which main/oss reads.',
      severity: 'error',
      from: { path: '^main/transfers/' },
      to: outside('transfers', 'accounts', 'oss', 'http', 'local-files', 'crc64'),
    },
    {
      name: 'browsing-imports-only-transfers-and-below',
      severity: 'error',
      from: { path: '^main/browsing/' },
      to: outside('browsing', 'transfers', 'accounts', 'oss', 'http', 'local-files', 'crc64'),
    },
    only('sync', 'transfers', 'accounts', 'oss', 'http', 'local-files'),
    only('deleting', 'transfers', 'accounts', 'oss', 'http'),
    only('editing', 'transfers', 'accounts', 'oss', 'http', 'local-files'),
    {
      name: 'properties-import-only-transfers-and-below',
      severity: 'error',
      from: { path: '^main/properties/' },
      to: outside('properties', 'transfers', 'accounts', 'oss', 'http', 'local-files'),
    },
    only('policies', 'links', 'accounts', 'oss', 'http', 'local-files'),
    {
      name: 'contract-imports-only-what-lies-below',
      comment: 'It describes calls with the types of the rooms that answer them; shell carries them out.',
      severity: 'error',
      from: { path: '^main/contract/' },
      to: {
        path: '^(main|preload|renderer)/',
        pathNot:
          '^main/((contract|browsing|deleting|editing|properties|policies|sync|links|transfers|accounts|oss|http|local-files)/|(settings|failure)\\.ts$)',
      },
    },
    ...roomRules('transfers', transferRooms),
    {
      name: 'transfers-shared-files-import-no-room',
      comment: 'Files directly in main/transfers lie below all of its rooms.',
      severity: 'error',
      from: { path: '^main/transfers/[^/]+$' },
      to: { path: '^main/transfers/[^/]+/' },
    },
    {
      name: 'only-shell-preload-and-renderer-import-the-contract',
      severity: 'error',
      from: { path: '^main/', pathNot: '^main/(shell|contract)/' },
      to: { path: '^main/contract/' },
    },
    {
      name: 'preload-imports-only-the-contract',
      severity: 'error',
      from: { path: '^preload/' },
      to: { path: '^(main|renderer)/', pathNot: '^main/contract/' },
    },
    {
      name: 'nobody-imports-shell',
      severity: 'error',
      from: { path: '^main/', pathNot: '^main/shell/' },
      to: { path: '^main/shell/' },
    },
    {
      name: 'practice-knows-nothing-of-oss',
      comment: 'A mistake made on both sides would go unseen.',
      severity: 'error',
      from: { path: '^main/practice/' },
      to: { path: '^(main|preload|renderer)/', pathNot: '^main/(practice/|local-files/|(failure|causes|own)\\.ts$)' },
    },
    ...downwards('main/practice', ['operations|sts', 'faults', 'exchange', 'signatures', 'storage', 'protocol']),
    {
      name: 'oss-knows-nothing-of-practice',
      severity: 'error',
      from: {
        path: '^main/(oss|http|accounts|browsing|deleting|editing|links|transfers|properties|policies|sync|contract|local-files)/',
      },
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
      name: 'words-import-only-the-message-formatter',
      comment: 'The window, the menus and the command line share them: Node or zod here would reach the window.',
      severity: 'error',
      from: { path: '^main/words/' },
      to: { pathNot: '^(main/|assets/locales/|node_modules/intl-messageformat/)' },
    },
    {
      name: 'words-take-only-types-from-the-rest-of-main',
      severity: 'error',
      from: { path: '^main/words/' },
      to: { path: '^main/', pathNot: '^main/(words/|own\\.ts$)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'renderer-imports-only-contract-and-words-of-main',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '^renderer/pages/' },
      to: { path: '^(main|preload)/', pathNot: '^main/((contract|words)/|(limit-hours|own)\\.ts$)' },
    },
    {
      name: 'renderer-takes-only-types-from-the-contract',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^main/contract/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pages-take-only-types-from-main',
      comment: 'They run in anyone’s browser, each as one small file. How a ticket is read is written once.',
      severity: 'error',
      from: { path: '^renderer/pages/' },
      to: { path: '^main/', pathNot: '^main/links/tickets/ticket-urls\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pages-import-only-the-shared-folder-links-and-words',
      severity: 'error',
      from: { path: '^renderer/pages/([^/]+)/' },
      to: { pathNot: '^(renderer/pages/($1|shared)/|main/(links/(pages|forms|tickets)|words)/)' },
    },
    ...layers([
      ['lib', 'lib'],
      ['shared', 'lib', 'shared'],
      ['model', 'lib', 'model'],
      ['grid', 'lib', 'shared', 'model', 'grid'],
      ['commands', 'lib', 'shared', 'model', 'grid', 'commands'],
      ['parts', 'lib', 'shared', 'model', 'grid', 'parts'],
    ]),
    {
      name: 'renderer-screen-imports-no-other-screen',
      severity: 'error',
      from: { path: '^renderer/screens/([^/]+)/' },
      to: {
        path: '^renderer/',
        pathNot: '^renderer/(screens/$1|lib|shared|model|grid|commands|parts)/',
      },
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
