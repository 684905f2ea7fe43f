// The functions of functions/, as the page's examples: their sources, and their manifests' samples as calls.
import type { Limits } from 'gazelle/browser';
import type { SourceProgram } from './protocol';

/** One call of an example, from its manifest. */
export interface Sample {
  readonly argument?: unknown;
  readonly args?: readonly string[];
  readonly stdin?: string;
}

export interface Example {
  readonly program: SourceProgram;
  readonly description: string;
  readonly limits: Partial<Limits>;
  readonly capabilities: readonly string[];
  readonly samples: readonly Sample[];
}

interface Manifest extends Omit<Example, 'program'> {
  readonly name: string;
  readonly language: string;
  readonly entry: string;
}

const texts: Record<string, string> = import.meta.glob('../functions/**/*', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** All of them, in the order of their names. */
export const EXAMPLES: readonly Example[] = Object.keys(texts)
  .filter((path) => path.endsWith('/manifest.json'))
  .sort()
  .map((path) => readExample(path.slice(0, -'manifest.json'.length), JSON.parse(texts[path]!)))
  // A page is no tenant with storage and other functions, and asks no servers.
  .filter(({ capabilities }) => !capabilities.some((name) => ['storage', 'http', 'invoke'].includes(name)));

function readExample(folder: string, manifest: Manifest): Example {
  const { name, language, entry, description, limits, capabilities, samples } = manifest;
  const files = Object.entries(texts)
    .filter(([path]) => path.startsWith(folder))
    .map(([path, text]): [string, string] => [path.slice(folder.length), text])
    .filter(([path]) => path !== entry && path !== 'manifest.json');
  const source = texts[folder + entry]!;
  const program = { name, language, source, files: Object.fromEntries(files) };
  return { program, description, limits, capabilities, samples };
}

/** What a call is called in the list of calls. */
export function describeSample({ argument, args, stdin }: Sample): string {
  const parts = [];
  if (args !== undefined) parts.push(`args ${JSON.stringify(args)}`);
  if (argument !== undefined) parts.push(JSON.stringify(argument));
  if (stdin !== undefined) parts.push(`input ${JSON.stringify(stdin)}`);
  const text = parts.join(', ') || 'nothing';
  return text.length > LONGEST_DESCRIPTION ? `${text.slice(0, LONGEST_DESCRIPTION - 1)}…` : text;
}

const LONGEST_DESCRIPTION = 60;
