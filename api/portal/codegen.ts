import type { CodegenConfig } from "@graphql-codegen/cli";

// Types of every document of the portal, and the documents themselves under their hashes: the server knows them beforehand.
const config: CodegenConfig = {
  schema: "../schema.graphql",
  documents: ["src/**/*.{ts,tsx}", "!src/gql/**"],
  ignoreNoDocuments: true,
  generates: {
    "src/gql/": {
      preset: "client",
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
