/**
 * Puts each GraphQL document where it is used, as little of it as is needed there. The function that types documents finds them by their
 * text in a list of all, so that every page would load those of all pages; and a document spelled out as a tree takes more than
 * everything else on a page, though requests name it by its hash alone.
 */
import { readFileSync } from "node:fs";

import { type DocumentNode, Kind, OperationTypeNode } from "graphql";
import type { Plugin } from "vite";

const generated = new URL("../src/gql/graphql.ts", import.meta.url);

type Document = DocumentNode & { __meta__?: { documentId: string } };

/** The generated document of an operation or a fragment. */
function generatedFor(kind: string, name: string, source: string): Document {
  const constant = `${name}${kind === "fragment" ? "FragmentDoc" : "Document"}`;
  const found = new RegExp(`^export const ${constant} = (\\{.*\\}) as unknown as `, "mu").exec(source)?.[1];
  if (found === undefined) throw new Error(`${constant} is not generated: npm run generate`);
  return JSON.parse(found) as Document;
}

/** What a page needs of a document: all of it only where its text is sent, which the socket's protocol demands. */
export function slim(document: Document): object {
  const [first] = document.definitions;
  if (first?.kind !== Kind.OPERATION_DEFINITION) return { kind: document.kind, definitions: [] };
  if (first.operation === OperationTypeNode.SUBSCRIPTION) return document;
  const { kind, operation, name } = first;
  const selectionSet = { kind: first.selectionSet.kind, selections: [] };
  return { __meta__: document.__meta__, kind: document.kind, definitions: [{ kind, operation, name, selectionSet }] };
}

function inPlace(text: string, source: string): string {
  const [, kind, name] = /^\s*(query|mutation|subscription|fragment) (\w+)/u.exec(text) ?? [];
  return JSON.stringify(slim(generatedFor(kind ?? "", name ?? "", source)));
}

/** The hashes of operations, by which a script can ask that loads nothing else. */
export function hashesOf(...names: string[]): Record<string, string> {
  const source = readFileSync(generated, "utf8");
  return Object.fromEntries(
    names.map((name) => [name, generatedFor("query", name, source).__meta__?.documentId ?? ""]),
  );
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
          code: code.replace(/\bgraphql\(`([^`]+)`\)/gu, (_, text: string) => inPlace(text, source)),
          map: null,
        };
      },
    },
  };
}
