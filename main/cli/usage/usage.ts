/** What a word or the value of an option names, so that a shell can complete it. A list holds all there is to choose from. */
export type ValueKind = 'address' | 'bucket' | 'path' | 'folder' | 'account' | 'profile' | 'text' | readonly string[];

/** One option: what `parseArgs` reads, what the help prints and what shells complete. */
interface OptionUsage {
  readonly type: 'string' | 'boolean';
  readonly multiple?: true;
  readonly default?: string;
  /** Its letter behind one hyphen. */
  readonly short?: string;
  /** The name of its value in the help; only an option of type `string` has one. */
  readonly argument?: string;
  readonly meaning: string;
  readonly value?: ValueKind;
  /** Whether several values are joined by commas. */
  readonly isList?: true;
  /** Starts a section of the help with this line. */
  readonly heading?: string;
}

/** Options by name, in the order of the help. */
export type OptionTable = Readonly<Record<string, OptionUsage>>;

/** A command line that someone would type, and what it does. */
interface Example {
  readonly line: string;
  readonly meaning: string;
}

/** What a command takes: the one source of its help, of what it accepts and of what shells complete. */
export interface Usage {
  /** Each way to call it, and what that does. */
  readonly forms: readonly (readonly [form: string, meaning: string])[];
  /** Paragraphs of what else there is to know. */
  readonly about?: readonly string[];
  /** What its arguments name, in their order. More than these name what the last does. */
  readonly words: readonly ValueKind[];
  readonly options: OptionTable;
  /** Commands of the command, by the word that chooses one; each also takes the options of the command. */
  readonly steps?: Readonly<Record<string, Pick<Usage, 'words' | 'options'>>>;
  readonly examples: readonly Example[];
}
