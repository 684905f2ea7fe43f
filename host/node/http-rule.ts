// What a command line says of where a function may make requests.
import { HTTP_METHODS, type HttpRule } from '../core/http';
import { UsageError } from './source-file';

/** `[METHOD,...@]HOST[:PORT]`, as `GET,POST@api.example.com:8443`, `*.example.org` or `*`. Throws UsageError. */
export function parseHttpRule(text: string): HttpRule {
  const parts = /^(?:([A-Z,]+)@)?(\*|\[[^\]]+\]|[^:@\s]+)(?::(\d+))?$/.exec(text);
  if (parts === null)
    throw new UsageError(`'${text}' is no rule: give [METHOD,...@]HOST[:PORT], as GET@example.com:8080`);
  const [, methods, host, port] = parts;
  for (const method of methods?.split(',') ?? []) {
    if ((HTTP_METHODS as readonly string[]).includes(method)) continue;
    throw new UsageError(`'${method}' is none of the methods ${HTTP_METHODS.join(', ')}`);
  }
  return {
    host: host!,
    ...(port !== undefined && { port: Number(port) }),
    ...(methods !== undefined && { methods: methods.split(',') }),
  };
}
