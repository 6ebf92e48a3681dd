/**
 * Puts each GraphQL document where it is used. The function that types documents finds them by their text in a list of all, so that
 * every page would load those of all pages, too.
 */
import { readFileSync } from "node:fs";

import type { Plugin } from "vite";

const generated = new URL("../src/gql/graphql.ts", import.meta.url);

/** The generated document of an operation or a fragment, as JSON. */
function documentOf(text: string, source: string): string {
  const [, kind, name] = /^\s*(query|mutation|subscription|fragment) (\w+)/u.exec(text) ?? [];
  const constant = `${name ?? ""}${kind === "fragment" ? "FragmentDoc" : "Document"}`;
  const found = new RegExp(`^export const ${constant} = (\\{.*\\}) as unknown as `, "mu").exec(source)?.[1];
  if (found === undefined) throw new Error(`${constant} is not generated: npm run generate`);
  return found;
}

export function documentsInPlace(): Plugin {
  return {
    name: "documents-in-place",
    enforce: "pre",
    transform: {
      filter: { id: /\/portal\/src\/(?!gql\/).*\.tsx?$/u, code: "graphql(`" },
      handler(code) {
        const source = readFileSync(generated, "utf8");
        return {
          code: code.replace(/\bgraphql\(`([^`]+)`\)/gu, (_, text: string) => documentOf(text, source)),
          map: null,
        };
      },
    },
  };
}
