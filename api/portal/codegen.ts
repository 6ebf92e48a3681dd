import type { CodegenConfig } from "@graphql-codegen/cli";
import { formatDocument } from "@urql/core";

// Types of every document of the portal, and the documents themselves under their hashes: the server knows them beforehand.
const config: CodegenConfig = {
  schema: "../schema.graphql",
  documents: ["src/**/*.{ts,tsx}", "!src/gql/**"],
  ignoreNoDocuments: true,
  generates: {
    "src/gql/": {
      preset: "client",
      // The client's memory goes by the types in a document: what a mutation touched is read again. It adds their names to what it
      // sends, and so the documents that the server knows beforehand have to have them.
      documentTransforms: [
        {
          transform: ({ documents }) =>
            documents.map((file) => (file.document ? { ...file, document: formatDocument(file.document) } : file)),
        },
      ],
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { hashAlgorithm: "sha256", hashPropertyName: "documentId" },
      },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: { DateTime: "string", Date: "string", UUID: "string", BigInt: "string", JSON: "unknown" },
      },
    },
  },
};

export default config;
